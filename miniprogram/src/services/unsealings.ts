// Requests to unseal an anonymous report: one person asks, another decides.
import { request } from '../platform/request'
import { listAll } from './pages'
import type { Unsealing } from './shapes'

export const listUnsealings = (status?: string): Promise<Unsealing[]> => listAll('/unsealings', { status })
export const getUnsealing = (id: string): Promise<Unsealing> => request({ path: `/unsealings/${id}` })
export const requestUnsealing = (ticket: string, reason: string, key: string): Promise<Unsealing> =>
  request({ method: 'POST', path: `/tickets/${ticket}/unseal`, body: { reason }, key })
export const decideUnsealing = (id: string, decision: 'consent' | 'decline'): Promise<Unsealing> =>
  request({ method: 'POST', path: `/unsealings/${id}/${decision}`, body: {} })
