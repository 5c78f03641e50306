// What is known of a ticket: where, who, limits; telephone and unsealing on request.
import { useMutation } from '@tanstack/react-query'
import { formatTime } from '@mini/domain/time'
import { marksOf, sentBackText, workbenchStep } from '@mini/domain/workbench'
import { labelOf, wordsOf } from '@mini/i18n/index'
import type { Ticket } from '@mini/services/shapes'
import { getReporterPhone } from '@mini/services/tickets'
import { FactList } from '../../kit/Facts'
import { Problem } from '../../kit/Message'
import { Due } from './Due'

export function Facts({ ticket }: { ticket: Ticket }) {
  const bench = wordsOf('workbench')
  const text = wordsOf('ticket')
  const { sla } = ticket
  const rows: [string, React.ReactNode][] = [
    [text.no, <span className="ltr">{ticket.no}</span>],
    [text.place, [...(ticket.place?.path ?? []), ticket.place_note].filter(Boolean).join(' / ')],
    [text.holder, [ticket.holder?.label, ticket.holder?.name].filter(Boolean).join(' · ')],
    [text.organisation, ticket.organisation?.name],
    [text.reporter, (ticket.reporter || ticket.anonymous) && <Reporter ticket={ticket} />],
    [bench.origin, labelOf('workbench', ticket.origin)],
    [text.at, formatTime(ticket.created_at)],
    [
      bench.accept,
      sla.accepted_at ? formatTime(sla.accepted_at) : sla.accept_due && formatTime(sla.accept_due),
    ],
    [bench.acknowledge, sla.acknowledge_due && formatTime(sla.acknowledge_due)],
    [
      bench.resolve,
      sla.resolved_at ? formatTime(sla.resolved_at) : sla.resolve_due && formatTime(sla.resolve_due),
    ],
    [bench.until, sla.paused_until && formatTime(sla.paused_until)],
  ]
  const sentBack = sentBackText(ticket)
  return (
    <section aria-label={bench.facts}>
      <p className="status-line">
        <span className={`status ${ticket.status}`}>{ticket.status_name}</span> {workbenchStep(ticket).turn}{' '}
        <Due ticket={ticket} />
      </p>
      {sentBack && <p className="note soon">{sentBack}</p>}
      {Boolean(ticket.dissent) && (
        <p className="note late">{bench.dissentNote.replace('{n}', String(ticket.dissent))}</p>
      )}
      <p className="marks">
        {marksOf(ticket).map(({ words, tone }) => (
          <span key={words} className={`tag ${tone}`}>
            {words}
          </span>
        ))}
      </p>
      <FactList rows={rows} />
    </section>
  )
}

/** Each look at a telephone number is recorded, and its owner can see it. */
function Reporter({ ticket }: { ticket: Ticket }) {
  const bench = wordsOf('workbench')
  const phone = useMutation({ mutationFn: () => getReporterPhone(ticket.id) })
  if (ticket.anonymous && !ticket.reporter) return <>{wordsOf('ticket').anonymous}</>
  if (!ticket.reporter) return null
  return (
    <>
      {ticket.reporter.name} <span className="ltr">{phone.data?.phone ?? ticket.reporter.phone_masked}</span>{' '}
      {ticket.reporter.phone_masked && !phone.data && (
        <button
          type="button"
          className="btn text small"
          title={bench.phoneAsk}
          onClick={() => phone.mutate()}
        >
          {bench.phone}
        </button>
      )}
      {phone.data && <span className="muted small">{bench.phoneShown}</span>}
      <Problem error={phone.error} />
    </>
  )
}
