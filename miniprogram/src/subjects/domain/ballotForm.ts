// The questions of a survey as rows to tap, and what is chosen of them in words. Pure: the component keeps what is chosen.
import { labelOf, wordsOf } from '../../i18n/index'
import type { Survey } from '../../services/shapes'

type Question = Survey['questions'][number]

interface ChoiceRow {
  n: number
  words: string
  on: boolean
}

export interface QuestionRow {
  n: number
  text: string
  kind: Question['kind']
  hint: string
  choices: ChoiceRow[]
  stars: number // of a rating, 0 for none
  chosen: string // in words
  missing: boolean // it has to be answered and was not
}

/** `marked`: what was left out is shown as missing. */
export function questionRows(survey: Survey, choices: number[][], marked: boolean): QuestionRow[] {
  const words = wordsOf('survey')
  const left = marked ? unanswered(survey, choices) : []
  return survey.questions.map(({ text, kind, choices: labels }, n) => {
    const chosen = choices[n] ?? []
    return {
      n,
      text: [n + 1, text].join('. '),
      kind,
      hint: labelOf('surveyHint', kind, ''),
      choices: labels.map((label, choice) => ({ n: choice, words: label, on: chosen.includes(choice) })),
      stars: kind === 'rating' && chosen.length ? chosen[0]! + 1 : 0,
      chosen: chosen.map((choice) => labels[choice]).join(words.comma) || words.leftOut,
      missing: left.includes(n),
    }
  })
}

/** What has to be answered and was not: each question of a vote, at least one of a survey. */
export function unanswered({ rule, questions }: Survey, choices: number[][]): number[] {
  const left = questions.map((_, n) => n).filter((n) => !choices[n]?.length)
  return rule || left.length === questions.length ? left : []
}

/** What is chosen after a tap: another one, one more or one less; of a survey's single choice a second tap takes it back. */
export function toggled({ kind }: Question, chosen: number[] = [], choice: number): number[] {
  const without = chosen.filter((each) => each !== choice)
  if (kind === 'choices') return without.length < chosen.length ? without : [...chosen, choice].sort()
  return kind === 'choice' && chosen.includes(choice) ? [] : [choice]
}
