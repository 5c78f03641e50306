// Accounts and transfers (账): read here, taken back by another transfer; nothing is written by hand.
import type { components } from '@mini/services/api'
import type { List } from '@mini/services/shapes'
import { data, GET, POST } from './api'
import type { Filters } from './kit/address'

type Shapes = components['schemas']
export type Account = Shapes['AccountOut']
export type Transfer = Shapes['TransferOut']

const PAGE = 50

/** The newest first: no list of accounts is ordered by what they hold. */
export const listAccounts = (
  filters: Filters,
  cursor: string | null = null,
  limit = PAGE,
): Promise<List<Account>> =>
  data(GET('/api/v1/accounts', { params: { query: { ...filters, limit, ...(cursor ? { cursor } : {}) } } }))

export const listTransfers = (id: string, cursor: string | null): Promise<List<Transfer>> =>
  data(
    GET('/api/v1/accounts/{account_id}/transfers', {
      params: { path: { account_id: id }, query: { limit: PAGE, ...(cursor ? { cursor } : {}) } },
    }),
  )

export const reverseTransfer = (id: string, text: string, key: string): Promise<Transfer> =>
  data(
    POST('/api/v1/transfers/{transfer_id}/reverse', {
      params: { path: { transfer_id: id }, header: { 'Idempotency-Key': key } },
      body: { text },
    }),
  )
