// Pages of tickets by the filters of the address.
import { lazy } from 'react'
import { fetchCategories } from '@mini/domain/categories'
import { shanghaiTime } from '@mini/domain/time'
import { isDanger, workbenchStep } from '@mini/domain/workbench'
import { labelOf, wordsOf } from '@mini/i18n/index'
import type { List, Status, Ticket } from '@mini/services/shapes'
import { type Box, listTickets } from '@mini/services/tickets'
import type { Filters } from '../../kit/address'
import type { FilterSpec } from '../../kit/Filters'
import type { ListSpec } from '../../kit/ListScreen'
import { words } from '../../words'
import { TICKET_COLUMNS } from './columns'

const Bulk = lazy(() => import('./Bulk').then((all) => ({ default: all.Bulk })))
const TicketDrawer = lazy(() => import('./TicketDrawer').then((all) => ({ default: all.TicketDrawer })))

export const PAGE = '50'
const STATUSES: readonly Status[] = [
  'new',
  'accepted',
  'dispatched',
  'waiting',
  'resolved',
  'closed',
  'rejected',
  'merged',
]

const choices = async () => (await fetchCategories()).map(({ code, name }) => ({ value: code, words: name }))
export const TICKET_FILTERS: readonly FilterSpec[] = [
  {
    name: 'q',
    kind: 'search',
    words: () => words().list.search,
    hint: () => wordsOf('workbench').searchHint,
  },
  { name: 'place_id', kind: 'place', words: () => words().columns.where },
  { name: 'category', kind: 'choice', words: () => words().columns.what, choices },
  {
    name: 'status',
    kind: 'choice',
    words: () => words().columns.status,
    choices: () => STATUSES.map((status) => ({ value: status, words: labelOf('status', status) })),
  },
  { name: 'overdue', kind: 'switch', words: () => wordsOf('workbench').overdue },
]

const NAMES = ['q', 'place_id', 'unit_id', 'category', 'status', 'overdue', 'danger', 'cell'] as const

/** The filters that the server knows. */
export const queryOf = (filters: Filters): Record<string, string> =>
  Object.fromEntries(NAMES.filter((name) => filters[name]).map((name) => [name, filters[name]!]))

export interface BoxSpec {
  box: Box
  query?: Record<string, string>
  /** What the server cannot filter: the pages are read until one is full. */
  matches?: (ticket: Ticket) => boolean
  /** By the next limit: the first ticket that does not match ends the list. */
  ordered?: boolean
}

const TRIES = 5 // pages of the server for one of ours

export async function loadBox(spec: BoxSpec, filters: Filters, cursor: string | null): Promise<List<Ticket>> {
  const order: Record<string, string> = spec.box === 'all' || spec.box === 'mine' ? {} : { order: 'due' }
  const query = { ...order, ...spec.query, ...queryOf(filters), limit: spec.matches ? '100' : PAGE }
  const items: Ticket[] = []
  let next = cursor
  for (let n = 0; n < TRIES; n++) {
    const page = await listTickets(spec.box, next, query)
    items.push(...page.items.filter((ticket) => spec.matches?.(ticket) ?? true))
    next = page.next ?? null
    const last = page.items.at(-1)
    if (spec.ordered && last && !spec.matches!(last) && !isDanger(last)) next = null
    if (!spec.matches || !next || items.length >= Number(PAGE)) break
  }
  return { items, next }
}

/** Whether the limit that runs ends today or has ended. */
export function isDueToday(ticket: Ticket): boolean {
  const { due } = workbenchStep(ticket)
  return Boolean(due) && due <= shanghaiTime(1, 0)
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
