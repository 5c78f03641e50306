// Finding out whether a report has reached the server when its answer was lost.
import type { Ticket } from '../services/shapes'
import { listTickets } from '../services/tickets'
import type { Report } from './types'

const CLOCK_ERROR = 300_000 // milliseconds the phone's clock may be wrong

/**
 * Return the user's own ticket of the same category and place since `since` (milliseconds), if there is one.
 */
export async function findTicketOf(report: Report, since: number): Promise<Ticket | undefined> {
  let cursor: string | null | undefined
  do {
    const page = await listTickets('mine', cursor, { category: report.category }) // newest first
    const [last] = page.items.slice(-1)
    const found = page.items.find((ticket) => matches(ticket, report, since))
    if (found) return found
    cursor = last && Date.parse(last.created_at) > since ? page.next : null
  } while (cursor)
  return undefined
}

function matches(ticket: Ticket, report: Report, since: number): boolean {
  return (
    ticket.category.code === report.category &&
    (!report.place_id || ticket.place?.id === report.place_id) &&
    Date.parse(ticket.created_at) > since - CLOCK_ERROR
  )
}
