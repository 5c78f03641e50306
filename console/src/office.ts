// The office's own routes: figures, acts on many tickets, exports, saved views; their shapes are the API document's.
import type { components } from '@mini/services/api'
import type { Ticket } from '@mini/services/shapes'
import { data, DELETE, GET, PATCH, POST } from './api'
import { asQuery, type Filters } from './kit/address'
import { downloadFile } from './platform/upload'

type Shapes = components['schemas']
export type Figure = Shapes['FigureOut']
export type BulkAction = Shapes['ActsIn']['action']
export type BulkItem = Shapes['ActItemOut']
export type SeenTicket = Shapes['SeenTicket']
export type View = Shapes['ViewOut']

/** Headers that the document names but its types ask for beside every body. */
const keyed = (key: string) => ({ header: { 'Idempotency-Key': key } })

export const listFigures = () => data(GET('/api/v1/figures', { params: { query: { limit: 100 } } }))
export const getFigure = (name: string, query: Filters): Promise<Figure> =>
  data(
    GET('/api/v1/figures/{figure_name}', { params: { path: { figure_name: name }, query } }),
  ) as Promise<Figure> // the document names its files too
export const getFigureFile = (name: string, query: Filters): Promise<string> =>
  downloadFile(`/api/v1/figures/${name}?${asQuery(query)}`)

/** The tickets that match the filters now: what is done to them does not grow while it is done. */
export const freezeTickets = (filters: Shapes['SelectionIn']): Promise<Shapes['SelectionOut']> =>
  data(POST('/api/v1/tickets/selections', { body: filters }))

export async function postActs(
  action: BulkAction,
  tickets: readonly Pick<Ticket, 'id' | 'version'>[],
  body: object,
  key: string,
): Promise<BulkItem[]> {
  const seen = tickets.map(({ id, version }) => ({ id, version }))
  const sent = { ...body, action, tickets: seen }
  return (await data(POST('/api/v1/tickets/acts', { params: keyed(key), body: sent }))).items
}

export const getExport = (query: Filters, columns: readonly string[]): Promise<string> =>
  downloadFile(
    `/api/v1/tickets/export?${[asQuery(query), ...columns.map((name) => `columns=${name}`)].join('&')}`,
  )

export const getPostsFile = (query: Filters): Promise<string> =>
  downloadFile(`/api/v1/posts/export?${asQuery(query)}`)

export const listViews = () => data(GET('/api/v1/views', { params: { query: { limit: 100 } } }))
export const createView = (view: Shapes['ViewIn'], key: string): Promise<View> =>
  data(POST('/api/v1/views', { params: keyed(key), body: view }))
export const changeView = (id: string, change: Shapes['ViewChangeIn']): Promise<View> =>
  data(PATCH('/api/v1/views/{view_id}', { params: { path: { view_id: id } }, body: change }))
export const deleteView = (id: string): Promise<View> =>
  data(DELETE('/api/v1/views/{view_id}', { params: { path: { view_id: id } } }))

/** The address of the console for a list of the API: /api/v1/tickets?box=all&cell=… */
export const screenOf = (link: string): string => `/tickets?${link.split('?')[1] ?? ''}`
