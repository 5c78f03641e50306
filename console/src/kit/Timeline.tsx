// What happened to a ticket, newest first.
import { eventLine } from '@mini/domain/eventLine'
import { wordsOf } from '@mini/i18n/index'
import type { TicketEvent } from '@mini/services/shapes'
import { Photos } from './Photos'

export function Timeline({ events }: { events: readonly TicketEvent[] }) {
  return (
    <ol className="timeline" reversed>
      {[...events].reverse().map((event) => {
        const line = eventLine(event)
        return (
          <li key={event.seq} className={event.internal ? 'internal' : ''}>
            <p>
              <span className="strong">{line.what}</span>
              {line.more && <span> · {line.more}</span>}
              {event.internal && <span className="tag">{wordsOf('event').inside}</span>}
            </p>
            {line.text && <p className="break">{line.text}</p>}
            {Boolean(event.photos?.length) && <Photos photos={event.photos!} small />}
            <p className="muted small">
              {line.who} · {line.at}
            </p>
          </li>
        )
      })}
    </ol>
  )
}
