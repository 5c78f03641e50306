// Departments called up to a ticket (吹哨报到), each with its own part and limit.
import type { Called, Person, Ticket } from '../services/shapes'

/** None where one may not see it. */
export const calledOf = (ticket: Ticket): Called[] => ticket.called ?? []

/** The reader's own call, while their part is awaited. */
export function ownCall(ticket: Ticket, me: Person | null): Called | undefined {
  const own = me?.organisation?.id
  return calledOf(ticket).find((each) => own && each.organisation.id === own && !each.reported_at && !each.released_at)
}
