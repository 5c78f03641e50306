// The report and the result side by side, with their photos large; claims and departments called up.
import { departmentCalls } from '@mini/domain/departments'
import { formatTime } from '@mini/domain/time'
import { fill, labelOf, wordsOf } from '@mini/i18n/index'
import type { DepartmentCall, Ticket } from '@mini/services/shapes'
import { Photos } from '../../kit/Photos'

export function Work({ ticket }: { ticket: Ticket }) {
  const text = wordsOf('ticket')
  const bench = wordsOf('workbench')
  const { resolution, claim } = ticket
  return (
    <>
      <section className="before-after">
        <div>
          <h3>{text.before}</h3>
          <p className="break">{ticket.description ?? <span className="muted">{text.noText}</span>}</p>
          <Photos photos={ticket.photos} />
        </div>
        {resolution && (
          <div>
            <h3>{text.after}</h3>
            <p>
              <strong>{ticket.outcome && labelOf('choice', ticket.outcome)}</strong>
              {ticket.rating ? ` · ${labelOf('choice', `star${ticket.rating}`)}` : ''}
              {ticket.verdict ? ` · ${labelOf('choice', ticket.verdict)}` : ''}
            </p>
            <p className="break">{resolution.text}</p>
            <Photos photos={resolution.photos} />
          </div>
        )}
      </section>
      {claim && (
        <div className="note soon">
          <div>
            <p className="strong">{bench.claimTitle}</p>
            <p className="break">{typeof claim['text'] === 'string' ? claim['text'] : bench.claimMore}</p>
          </div>
        </div>
      )}
      <Called calls={departmentCalls(ticket)} />
    </>
  )
}

function Called({ calls }: { calls: readonly DepartmentCall[] }) {
  if (!calls.length) return null
  return (
    <section aria-labelledby="called-title">
      <h3 id="called-title">{wordsOf('workbench').calledTitle}</h3>
      <ul className="plain-list">
        {calls.map((call) => (
          <li key={call.organisation.id ?? call.organisation.name} className="row apart">
            <span>{call.organisation.name}</span>
            <span className={call.late ? 'bad' : 'muted'}>{stateOf(call)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function stateOf(call: DepartmentCall): string {
  const words = wordsOf('workbench')
  const at = (moment: string | null | undefined): string => (moment ? formatTime(moment) : '')
  if (call.released_at) return fill(words.calledFree, { at: at(call.released_at) })
  if (call.reported_at) return fill(words.calledDone, { at: at(call.reported_at) })
  if (call.acknowledged_at) return fill(words.calledHere, { at: at(call.acknowledged_at) })
  return fill(call.late ? words.calledLate : words.calledWait, { at: at(call.due) })
}
