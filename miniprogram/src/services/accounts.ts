// Accounts of points: one's own, and what came to them and left them.
import { request } from '../platform/request'
import { listAll } from './pages'
import type { Account, List, Transfer } from './shapes'

export const listOwnAccounts = (): Promise<Account[]> => listAll('/accounts', { mine: true })

export const listTransfers = (account: string, cursor?: string | null): Promise<List<Transfer>> =>
  request({ path: `/accounts/${account}/transfers`, query: { cursor, limit: 20 } })
