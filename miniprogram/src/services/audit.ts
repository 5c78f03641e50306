// Who did what and when, within one's own place; read only.
import { call } from '../core/request'
import type { Audit, List } from './shapes'

export const list = (type?: string, cursor?: string | null): Promise<List<Audit>> => call({ path: '/audit', query: { type, cursor, limit: 30 } })
