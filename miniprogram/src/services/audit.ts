// The audit trail of the reader's place.
import { request } from '../platform/request'
import type { Audit, List } from './shapes'

/** `from` is included, `to` is not; empty values do not filter. `ticket` is an id or number. */
export interface AuditFilter {
  type: string
  ticket: string
  person_id: string
  sign_ins: boolean
  from: string
  to: string
}

export const listAudit = (filter: AuditFilter, cursor?: string | null): Promise<List<Audit>> =>
  request({ path: '/audit', query: { ...filter, cursor, limit: 50 } })
