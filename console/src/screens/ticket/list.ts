// Pages of tickets by the filters of the address.
import { lazy } from 'react'
import { isDanger } from '@mini/domain/workbench'
import type { operations } from '@mini/services/api'
import type { List, Ticket } from '@mini/services/shapes'
import type { Box } from '@mini/services/tickets'
import { data, GET } from '../../api'
import { asQuery, type Filters, takesSeveral, valuesOf } from '../../kit/address'
import type { Frozen, ListSpec } from '../../kit/listSpec'
import { freezeTickets } from '../../office'
import { TICKET_COLUMNS } from './columns'
import { TICKET_FILTERS } from './filters'

const Bulk = lazy(() => import('./bulk/Bulk').then((all) => ({ default: all.Bulk })))
const TicketDrawer = lazy(() => import('./TicketDrawer').then((all) => ({ default: all.TicketDrawer })))

type Query = NonNullable<operations['box_api_v1_tickets_get']['parameters']['query']>
type Selection = Parameters<typeof freezeTickets>[0]

const PAGE = 50
const NAMES = [
  ...['q', 'status', 'category', 'place_id', 'unit_id', 'holder_id', 'organisation_id', 'origin', 'outcome'],
  ...['verdict', 'danger', 'overdue', 'created_from', 'created_to', 'due_from', 'due_to', 'ended_from'],
  ...['ended_to', 'cell', 'order', 'day'],
]

/** What of the address a view, a file or a selection takes: its filters. */
export const filtersOf = (filters: Filters): Filters =>
  Object.fromEntries(NAMES.filter((name) => filters[name]).map((name) => [name, filters[name]!]))

/** What a view keeps of an address: a jump to a day is no filter. */
export function viewOf(address: Filters): string {
  const { day, ...kept } = filtersOf(address)
  void day
  return asQuery(kept)
}

const asAsked = (filters: Filters): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(filtersOf(filters)).map(([name, value]) => [
      name,
      takesSeveral(name) ? valuesOf(value) : value,
    ]),
  )

export interface BoxSpec {
  box: Box
  query?: Filters
  /** What the server cannot filter: the pages are read until one is full. */
  matches?: (ticket: Ticket) => boolean
}

const TRIES = 5 // pages of the server for one of ours

export async function loadBox(spec: BoxSpec, filters: Filters, cursor: string | null): Promise<List<Ticket>> {
  const { day, ...asked } = asAsked({ ...usualOrder(spec.box), ...filters, ...spec.query })
  const query = { ...asked, box: spec.box, limit: spec.matches ? 2 * PAGE : PAGE } as Query
  const items: Ticket[] = []
  let next = cursor
  for (let n = 0; n < TRIES; n++) {
    const at = next ? { cursor: next } : { day: day as string | undefined } // a list begins at a day once
    const page = await data(GET('/api/v1/tickets', { params: { query: { ...query, ...at } } }))
    items.push(...page.items.filter((ticket) => spec.matches?.(ticket) ?? true))
    next = page.next ?? null
    if (!spec.matches || !next || items.length >= PAGE) break
  }
  return { items, next }
}

const usualOrder = (box: Box): Filters => (box === 'all' || box === 'mine' ? {} : { order: 'due' })

/** All tickets of a box that match now. A list that begins at a day has none after it. */
export async function freezeBox(spec: BoxSpec, filters: Filters): Promise<Frozen> {
  const { order, day, danger, overdue, ...asked } = asAsked({ ...filters, ...spec.query })
  void order
  const body = {
    ...asked,
    box: spec.box,
    ...(day ? { created_to: day } : {}),
    ...(danger ? { danger: danger === 'true' } : {}),
    ...(overdue ? { overdue: overdue === 'true' } : {}),
  }
  const { ids, versions, total } = await freezeTickets(body as unknown as Selection)
  return { rows: ids.map((id, n) => ({ id, version: versions[n]! })), total }
}

/** What all lists of tickets have in common. */
export const TICKET_LIST = {
  filters: TICKET_FILTERS,
  columns: TICKET_COLUMNS,
  id: (ticket: Ticket) => ticket.id,
  label: (ticket: Ticket) => ticket.no,
  tone: (ticket: Ticket) => (isDanger(ticket) ? 'danger' : ''),
  Detail: TicketDrawer,
  Bulk,
  live: true,
} satisfies Partial<ListSpec<Ticket>>
