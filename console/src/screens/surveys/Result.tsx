// The result: each question as a table with bars, what a vote comes to, what the company answers, its tickets beside.
import { useQuery } from '@tanstack/react-query'
import { formatTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import { FactList } from '../../kit/Facts'
import { Loaded } from '../../kit/Message'
import { getSurveyResult, type QuestionResult, type Survey, type SurveyResult } from '../../subjects'
import { words } from '../../words'

const ASKED: ReadonlySet<string> = new Set(['open', 'closed', 'replied'])
const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? '–' : `${share} %`

export function Result({ subject }: { subject: Survey }) {
  const isAsked = ASKED.has(subject.status)
  const query = useQuery({
    queryKey: ['survey-result', subject.id, subject.updated_at, subject.answered],
    queryFn: () => getSurveyResult(subject.id),
    placeholderData: (before: SurveyResult | undefined) => before,
    enabled: isAsked,
  })
  const text = words().surveys
  return (
    <>
      {subject.result && (
        <section aria-labelledby="reply-title">
          <h3 id="reply-title">{subject.status === 'replied' ? text.replied : words().subjects.result}</h3>
          <p className="break">{subject.result}</p>
        </section>
      )}
      {isAsked ? (
        <section aria-labelledby="result-title" className="survey-result">
          <h3 id="result-title">{words().subjects.result}</h3>
          <Loaded query={query}>{(result) => <Results result={result} />}</Loaded>
        </section>
      ) : (
        <Asked survey={subject} />
      )}
    </>
  )
}

/** What is going to be asked. */
const Asked = ({ survey }: { survey: Survey }) => (
  <section aria-labelledby="questions-title">
    <h3 id="questions-title">{words().surveys.questions}</h3>
    <ol className="plain-list">
      {survey.questions.map(({ text, choices }, n) => (
        <li key={n}>
          <p className="strong">
            {n + 1}. {text}
          </p>
          <p className="muted small">{choices.join('、')}</p>
        </li>
      ))}
    </ol>
  </section>
)

function Results({ result }: { result: SurveyResult }) {
  const text = words().surveys
  const { asked, answered, paper, share, note, questions, groups, worst } = result
  return (
    <>
      <p>{fill(text.turnout, { n: answered, most: asked ?? '–', share: percent(share), paper })}</p>
      {note && <p className="note">{note}</p>}
      {questions.map((question, n) => (
        <Question key={n} question={question} n={n} isWorst={n === worst} result={result} />
      ))}
      {groups.map((group, n) => (
        <details key={n}>
          <summary>
            {group.label} <span className="count">{group.answered}</span>
          </summary>
          {group.questions.map((question, at) => (
            <Question key={at} question={question} n={at} result={result} />
          ))}
        </details>
      ))}
      <Tickets result={result} />
    </>
  )
}

interface QuestionProps {
  question: QuestionResult
  n: number
  isWorst?: boolean
  result: SurveyResult
}

function Question({ question, n, isWorst = false, result }: QuestionProps) {
  const text = words().surveys
  const isWeighed = question.results.some(({ area_share }) => area_share !== null)
  return (
    <figure className="bars">
      <figcaption>
        <span className="strong">
          {n + 1}. {question.text}
        </span>{' '}
        {question.mean !== null && fill(text.mean, { n: question.mean })}{' '}
        {isWorst && <span className="tag late">{text.worst}</span>}
      </figcaption>
      <Verdict question={question} result={result} />
      <table className="table dense">
        <caption className="hidden">{question.text}</caption>
        <thead>
          <tr>
            <th scope="col">{text.choice}</th>
            <th scope="col">{text.heads}</th>
            <th scope="col">{text.share}</th>
            {isWeighed && <th scope="col">{text.areaShare}</th>}
          </tr>
        </thead>
        <tbody>
          {question.results.map(({ label, heads, share, area_share }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{heads}</td>
              <td>
                <span className="bar" aria-hidden="true" style={{ inlineSize: `${share / 2}%` }} />{' '}
                {percent(share)}
              </td>
              {isWeighed && <td>{percent(area_share)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}

/** What a vote comes to, in a sentence, and what it took. */
function Verdict({ question: { verdict }, result: { rule } }: Omit<QuestionProps, 'n'>) {
  if (!verdict || !rule) return null
  const text = words().surveys
  const said = !verdict.valid ? text.notValid : verdict.passed ? text.passed : text.notPassed
  const both = (heads: number, area: number | null): string =>
    area === null
      ? fill(text.byHeads, { heads: percent(heads) })
      : fill(text.byBoth, { heads: percent(heads), area: percent(area) })
  const wanted = (heads: string | null, area: string | null): string => {
    if (!heads && !area) return words().subjects.none
    if (!area) return fill(text.byHeads, { heads: nameOf(heads) })
    if (heads === area) return fill(text.bySame, { share: nameOf(area) })
    return fill(text.byBoth, { heads: nameOf(heads), area: nameOf(area) })
  }
  return (
    <p className={verdict.passed ? 'note verdict' : 'note soon verdict'}>
      <span className="strong">{said}</span>{' '}
      {fill(text.verdict, {
        turnout: both(verdict.turnout_heads, verdict.turnout_area),
        turnoutWanted: wanted(rule.turnout_heads, rule.turnout_area),
        agree: both(verdict.agree_heads, verdict.agree_area),
        agreeWanted: wanted(rule.majority_heads, rule.majority_area),
        basis: rule.basis,
      })}
    </p>
  )
}

const nameOf = (share: string | null): string =>
  share ? ((words().shareNames as Record<string, string>)[share] ?? share) : words().surveys.noShare

function Tickets({ result: { tickets } }: { result: SurveyResult }) {
  if (!tickets) return null
  const text = words().surveys
  return (
    <div className="card">
      <h4>{text.tickets}</h4>
      <p className="muted small">
        {formatTime(tickets.since)} – {formatTime(tickets.until)}
      </p>
      <FactList
        rows={[
          [text.received, tickets.received],
          [text.inTime, tickets.in_time],
          [text.solved, tickets.solved],
          [text.reopened, tickets.reopened],
          [text.handedBack, tickets.handed_back],
        ]}
      />
    </div>
  )
}
