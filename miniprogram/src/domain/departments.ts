// Departments called up to a ticket (吹哨报到), each with its own task and limit.
import type { DepartmentCall, Person, Ticket } from '../services/shapes'

/** The calls the reader may see. */
export const departmentCalls = (ticket: Ticket): DepartmentCall[] => ticket.called ?? []

/** The call of the reader's own department, while its report is awaited. */
export function ownCall(ticket: Ticket, me: Person | null): DepartmentCall | undefined {
  const own = me?.organisation?.id
  return departmentCalls(ticket).find(
    (call) => own && call.organisation.id === own && !call.reported_at && !call.released_at,
  )
}
