// Opening an anonymous report: asked for by one, decided by another.
import { call } from '../core/request'
import type { List, Unsealing } from './shapes'

export const list = (status?: string, cursor?: string | null): Promise<List<Unsealing>> => call({ path: '/unsealings', query: { status, cursor } })
export const read = (id: string): Promise<Unsealing> => call({ path: `/unsealings/${id}` })
export const ask = (ticket: string, reason: string, key: string): Promise<Unsealing> => call({ method: 'POST', path: `/tickets/${ticket}/unseal`, body: { reason }, key })
export const decide = (id: string, decision: 'consent' | 'decline'): Promise<Unsealing> => call({ method: 'POST', path: `/unsealings/${id}/${decision}`, body: {} })
