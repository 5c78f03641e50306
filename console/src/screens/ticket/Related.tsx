// Other tickets that have to do with this one: of this place, of this person, similar ones, split from it.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import type { Ticket } from '@mini/services/shapes'
import { data, GET } from '../../api'
import { useRowHref } from '../../kit/address'
import { words } from '../../words'

const KINDS = ['place', 'person', 'similar', 'split'] as const
type Kind = (typeof KINDS)[number]
const FEW = 5
const MANY = 50

export function Related({ ticket }: { ticket: Ticket }) {
  const place = ticket.place?.id
  return (
    <>
      {KINDS.map((kind) => (
        <OfKind key={kind} kind={kind} ticket={ticket} />
      ))}
      {place && <Link href={`/tickets?place_id=${place}`}>{words().ticket.unit}</Link>}
    </>
  )
}

/** Who the reporter is, and what else they reported, is asked of the server: it shows what this reader may know. */
function OfKind({ kind, ticket }: { kind: Kind; ticket: Ticket }) {
  const hrefOf = useRowHref()
  const { data: page } = useQuery({
    queryKey: ['related', kind, ticket.id],
    queryFn: () =>
      data(
        GET('/api/v1/tickets/{ticket_id}/related', {
          params: { path: { ticket_id: ticket.id }, query: { kind, limit: MANY } },
        }),
      ),
  })
  const items = page?.items ?? []
  if (!items.length) return null
  const title = words().related[kind]
  return (
    <section aria-label={title}>
      <details className="related" open={items.length <= FEW}>
        <summary>
          <h3>
            {title} <span className="count">{page?.next ? `${items.length}+` : items.length}</span>
          </h3>
        </summary>
        <ul className="plain-list">
          {items.map((other) => (
            <li key={other.id}>
              <Link href={hrefOf(other.id)}>
                {other.category.name} · {other.status_name} · {formatTime(other.created_at)}
              </Link>{' '}
              <span className="muted">{other.description ?? other.no}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}
