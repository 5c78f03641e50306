// Pages of a workbench tab, the earliest limit first, and the number of tickets in each tab.
import type { BoxCounts, Ticket } from '../services/shapes'
import { getCounts, listTickets } from '../services/tickets'
import type { Tab, TabKey } from './workbench'

export const PAGE_SIZE = 20
const LARGEST_PAGE = 100 // the most one request returns
const MAX_REQUESTS = 5 // to fill one page of a tab that is filtered on the phone

export interface InboxPage {
  items: Ticket[]
  next: string | null
}

/** Fetch a page of a tab. A tab that the server cannot filter is filtered here, over several requests. */
export async function fetchPage(tab: Tab, from: string | null, q = ''): Promise<InboxPage> {
  const found: Ticket[] = []
  let next = from
  for (let tries = 0; tries < MAX_REQUESTS; tries++) {
    const page = await listTickets(tab.box, next, {
      ...tab.query,
      ...(tab.box === 'all' ? {} : { order: 'due' }),
      ...(q ? { q } : {}),
      limit: String(tab.filteredOnPhone ? LARGEST_PAGE : PAGE_SIZE),
    })
    found.push(...page.items.filter(tab.matches))
    next = page.next ?? null
    if (!next || !tab.filteredOnPhone || found.length >= PAGE_SIZE) break
  }
  return { items: found, next }
}

export type TabCounts = Partial<Record<TabKey, string>>

// The number in each tab's badge. Tabs over the whole area have none.
const NUMBERS: Readonly<Partial<Record<TabKey, [keyof BoxCounts, keyof BoxCounts['inbox']]>>> = {
  due: ['inbox', 'open'],
  overdue: ['inbox', 'overdue'],
  unassigned: ['unassigned', 'open'],
  fresh: ['inbox', 'new'],
  accepted: ['inbox', 'accepted'],
  dispatched: ['inbox', 'dispatched'],
  claimed: ['inbox', 'claimed'],
  take: ['inbox', 'to_take'],
  working: ['inbox', 'to_do'],
  waiting: ['inbox', 'waiting'],
  resolved: ['inbox', 'resolved'],
}
const OWN_BOXES = new Set(['inbox', 'unassigned'])
const ENOUGH = 999 // the server does not count further

export const formatCount = (n: number): string => (n >= ENOUGH ? `${ENOUGH}+` : String(n))

/** The number of tickets in each tab; '' for none. */
export async function fetchTabCounts(tabs: readonly Tab[]): Promise<TabCounts> {
  const found = await getCounts()
  const text = ({ key }: Tab): string => {
    const [box, number] = NUMBERS[key]!
    return found[box][number] ? formatCount(found[box][number]) : ''
  }
  return Object.fromEntries(
    tabs.filter((tab) => OWN_BOXES.has(tab.box) && NUMBERS[tab.key]).map((tab) => [tab.key, text(tab)]),
  )
}
