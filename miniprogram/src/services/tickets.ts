// Tickets: lists, one, its timeline, and every act on it.
import { newKey } from '../core/key'
import { call } from '../core/request'
import type { BoxCounts, List, Ticket, TicketEvent, TicketPage } from './shapes'

export type Box = 'mine' | 'following' | 'inbox' | 'unassigned' | 'all'

export interface Similar {
  id: string
  category: { code: string; zh: string; en: string }
  place: { label: string } | null
  created_at: string
  status: string
  followers: number
}

export function list(box: Box, cursor?: string | null, more: Record<string, string | boolean> = {}): Promise<TicketPage> {
  return call({ path: '/tickets', query: { box, cursor, ...more } })
}

export const counts = (): Promise<BoxCounts> => call({ path: '/tickets/counts' })

export const one = (id: string): Promise<Ticket> => call({ path: `/tickets/${id}` })

export const events = (id: string, cursor?: string | null): Promise<List<TicketEvent>> =>
  call({ path: `/tickets/${id}/events`, query: { limit: 100, cursor } })

export const similar = (place_id: string, category: string): Promise<List<Similar>> =>
  call({ path: '/tickets/similar', query: { place_id, category } })

export const follow = (id: string): Promise<unknown> => call({ method: 'POST', path: `/tickets/${id}/follow`, key: newKey() })
export const unfollow = (id: string): Promise<unknown> => call({ method: 'DELETE', path: `/tickets/${id}/follow` })

const UNVERSIONED = new Set(['urge', 'comment', 'vote'])

/** Act on a ticket as it was seen; a repeated `key` acts once. */
export function act(ticket: Pick<Ticket, 'id' | 'version'>, action: string, values: object = {}, key = newKey()): Promise<Ticket> {
  const body = UNVERSIONED.has(action) ? values : { version: ticket.version, ...values }
  return call({ method: 'POST', path: `/tickets/${ticket.id}/${action}`, body, key })
}

export const phone = (id: string): Promise<{ phone: string; name: string | null }> => call({ path: `/tickets/${id}/phone` })
