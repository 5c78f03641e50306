// Tickets: lists, one ticket, its events and actions.
import { newKey } from '../platform/idempotencyKey'
import { request } from '../platform/request'
import { type Action, VERSIONED } from './actions'
import { listAll } from './pages'
import type {
  BoxCounts,
  GridChoice,
  List,
  SimilarTicket,
  Ticket,
  TicketEvent,
  TicketForm,
  TicketPage,
  Today,
} from './shapes'

export type Box = 'mine' | 'following' | 'inbox' | 'unassigned' | 'area' | 'all'

export function listTickets(
  box: Box,
  cursor?: string | null,
  more: Record<string, string | boolean> = {},
): Promise<TicketPage> {
  return request({ path: '/tickets', query: { box, cursor, ...more } })
}

export const getCounts = (): Promise<BoxCounts> => request({ path: '/tickets/counts' })

export const getToday = (): Promise<Today> => request({ path: '/tickets/today' })

/** The grids a ticket can be given to, the most likely first. */
export const listGridChoices = (id: string): Promise<GridChoice[]> => listAll(`/tickets/${id}/grids`)

export const getTicket = (id: string): Promise<Ticket> => request({ path: `/tickets/${id}` })

export const listEvents = (id: string): Promise<TicketEvent[]> => listAll(`/tickets/${id}/events`)

export const listSimilar = (place_id: string, category: string): Promise<List<SimilarTicket>> =>
  request({ path: '/tickets/similar', query: { place_id, category } })

export const followTicket = (id: string): Promise<unknown> =>
  request({ method: 'POST', path: `/tickets/${id}/follow`, key: newKey() })
export const unfollowTicket = (id: string): Promise<unknown> =>
  request({ method: 'DELETE', path: `/tickets/${id}/follow` })

export const createTicket = (body: TicketForm, key: string): Promise<Ticket> =>
  request({ method: 'POST', path: '/tickets', body, key })

/** Act on the version of a ticket that the user saw. The same `key` acts once. */
export function postAction(
  ticket: Pick<Ticket, 'id' | 'version'>,
  action: string,
  values: object = {},
  key = newKey(),
): Promise<Ticket> {
  const body = VERSIONED[action as Action] ? { version: ticket.version, ...values } : values
  return request({ method: 'POST', path: `/tickets/${ticket.id}/${action}`, body, key })
}

export const getReporterPhone = (id: string): Promise<{ phone: string; name: string | null }> =>
  request({ path: `/tickets/${id}/phone` })
