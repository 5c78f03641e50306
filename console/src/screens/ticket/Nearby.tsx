// Other tickets of the same place: open ones of the same category, and the way to all of them.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import type { Ticket } from '@mini/services/shapes'
import { listTickets } from '@mini/services/tickets'
import { words } from '../../words'

const MOST = '6'

export function Nearby({ ticket }: { ticket: Ticket }) {
  const place = ticket.place?.id
  const { data } = useQuery({
    queryKey: ['nearby', place, ticket.category.code],
    queryFn: () =>
      listTickets('all', null, { place_id: place!, category: ticket.category.code, limit: MOST }),
    enabled: Boolean(place),
  })
  const others = data?.items.filter(({ id }) => id !== ticket.id) ?? []
  if (!place) return null
  return (
    <section aria-labelledby="nearby-title">
      <h3 id="nearby-title">{words().ticket.near}</h3>
      <ul className="plain-list">
        {others.map((other) => (
          <li key={other.id}>
            <Link href={`/tickets/${other.id}`}>
              {other.status_name} · {formatTime(other.created_at)} · {other.description ?? other.no}
            </Link>
          </li>
        ))}
      </ul>
      <Link href={`/tickets?place_id=${place}`}>{words().ticket.unit}</Link>
    </section>
  )
}
