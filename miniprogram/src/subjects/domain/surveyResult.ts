// The result of a survey in words: numbers are said, bars only show them again.
import { formatDay } from '../../domain/dates'
import { dayOfMoment } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import type { QuestionResult, Survey, SurveyResult } from '../../services/shapes'

interface Bar {
  label: string
  words: string
  share: number
}

interface QuestionView {
  text: string
  mean: string
  verdict: string
  passed: boolean
  bars: Bar[]
}

export interface ResultView {
  turnout: string
  note: string
  tickets: string
  blocks: { title: string; questions: QuestionView[] }[]
}

export function resultView(survey: Survey, result: SurveyResult): ResultView {
  const words = wordsOf('survey')
  const { asked, answered, paper, share } = result
  const by = survey.group_by === null ? '' : (survey.questions[survey.group_by]?.text ?? '')
  const groups = result.groups.map((group) => ({
    title: fill(words.group, { by, label: group.label, n: group.answered }),
    questions: group.questions.map((question) => questionView(question, false)),
  }))
  const questions = result.questions.map((question, n) => questionView(question, n === result.worst))
  return {
    turnout: [
      fill(asked ? words.took : words.answered, { n: answered, of: asked ?? 0, share: share ?? 0 }),
      paper ? fill(words.paper, { n: paper }) : '',
    ].join(''),
    note: result.note ?? '',
    tickets: ticketsText(survey, result),
    blocks: [{ title: '', questions }, ...groups],
  }
}

function questionView(question: QuestionResult, worst: boolean): QuestionView {
  const words = wordsOf('survey')
  const mean = question.mean === null ? '' : fill(words.mean, { mean: question.mean })
  return {
    text: question.text,
    mean: [mean, worst ? words.worst : ''].filter(Boolean).join(words.comma),
    verdict: verdictText(question.verdict),
    passed: Boolean(question.verdict?.passed),
    bars: question.results.map(({ label, heads, share, area_share }) => ({
      label,
      words: fill(area_share === null ? words.part : words.partByArea, {
        n: heads,
        share,
        area: area_share ?? 0,
      }),
      share,
    })),
  }
}

/** What a vote comes to, in one sentence: whether enough took part, whether enough of them agree. */
function verdictText(verdict: QuestionResult['verdict']): string {
  if (!verdict) return ''
  const words = wordsOf('survey')
  const { turnout_heads, turnout_area, agree_heads, agree_area } = verdict
  const sentence = verdict.passed ? words.passed : verdict.valid ? words.notPassed : words.invalid
  return fill(sentence, {
    turnout: shares(turnout_heads, turnout_area),
    agree: shares(agree_heads, agree_area),
  })
}

function shares(heads: number, area: number | null): string {
  const words = wordsOf('survey')
  return fill(area === null ? words.byHeads : words.byBoth, { heads, area: area ?? 0 })
}

function ticketsText({ organisation }: Survey, { tickets }: SurveyResult): string {
  if (!tickets || !organisation) return ''
  const { since, until, ...counts } = tickets
  return fill(wordsOf('survey').tickets, {
    ...counts,
    company: organisation.name,
    since: formatDay(dayOfMoment(since)),
    until: formatDay(dayOfMoment(until)),
  })
}
