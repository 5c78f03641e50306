// What the office's own routes take and answer: figures, acts on many tickets, exports, saved views.
import { request } from '@mini/platform/request'
import type { List, Ticket } from '@mini/services/shapes'
import type { Filters } from './kit/address'
import { queryString } from './platform/http'
import { downloadFile } from './platform/upload'

export interface FigureRef {
  name: string
  title: string
  definition: string
}
export interface Figure extends FigureRef {
  place: { id: string; label: string }
  from: string
  to: string
  as_of: string
  columns: { key: string; title: string; kind: string }[]
  rows: {
    key: string
    label: string
    cells: Record<string, number | string | null>
    links: Record<string, string>
  }[]
  excluded: { reason: string; label: string; count: number; link: string }[]
}

export const listFigures = (): Promise<List<FigureRef>> =>
  request({ path: '/figures', query: { limit: 100 } })
export const getFigure = (name: string, query: Filters): Promise<Figure> =>
  request({ path: `/figures/${name}`, query })
export const getFigureFile = (name: string, query: Filters): Promise<string> =>
  downloadFile(`/api/v1/figures/${name}${queryString(query)}`)

export type BulkAction = 'dispatch' | 'recategorise' | 'comment' | 'follow' | 'reassign'
export interface BulkItem {
  id: string
  ticket?: Ticket | null
  problem?: { title: string; detail?: string | null } | null
}

/** The ids that match the filters now: what is done to them does not grow while it is done. */
export const freezeSelection = (filters: object): Promise<{ ids: string[]; total: number }> =>
  request({ method: 'POST', path: '/tickets/selections', body: filters })

export const postActs = (
  action: BulkAction,
  tickets: readonly Pick<Ticket, 'id' | 'version'>[],
  body: object,
  key: string,
): Promise<{ items: BulkItem[] }> =>
  request({
    method: 'POST',
    path: '/tickets/acts',
    body: { action, tickets: tickets.map(({ id, version }) => ({ id, version })), ...body },
    key,
  })

export const getExport = (query: Record<string, string>): Promise<string> =>
  downloadFile(`/api/v1/tickets/export${queryString(query)}`)

export interface View {
  id: string
  name: string
  query: string
  columns: string[]
  shared: boolean
  mine: boolean
  version: number
}
export const listViews = (): Promise<List<View>> => request({ path: '/views', query: { limit: 100 } })
export const createView = (
  view: Pick<View, 'name' | 'query' | 'columns' | 'shared'>,
  key: string,
): Promise<View> => request({ method: 'POST', path: '/views', body: view, key })
export const deleteView = (id: string): Promise<unknown> =>
  request({ method: 'DELETE', path: `/views/${id}` })

/** The address of the console for a list of the API: /api/v1/tickets?box=all&cell=… */
export const screenOf = (link: string): string => `/tickets?${link.split('?')[1] ?? ''}`
