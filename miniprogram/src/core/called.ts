// Departments called up to a ticket (吹哨报到), each with its own part and limit.
import type { Person, Ticket } from '../services/shapes'

export interface Called {
  organisation: { id: string; name: string }
  called_at: string
  due?: string | null // who sees the ticket from outside is not told
  acknowledged_at?: string | null
  reported_at: string | null
  released_at?: string | null
  late?: boolean
}

/** None where the server knows of no calling up, or where one may not see it. */
export const calledOf = (ticket: Ticket): Called[] => (ticket as { called?: Called[] | null }).called ?? []

/** The reader's own call, while their part is awaited. */
export function ownCall(ticket: Ticket, me: Person | null): Called | undefined {
  return calledOf(ticket).find((each) => each.organisation.id === me?.organisation?.id && !each.reported_at && !each.released_at)
}
