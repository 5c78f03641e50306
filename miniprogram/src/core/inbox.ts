// Pages of a desk's tab, what needs doing soonest first; and how many wait in each tab.
import type { BoxCounts, Ticket } from '../services/shapes'
import { counts, list } from '../services/tickets'
import type { Tab, TabKey } from './desk'

export const PAGE = 20
const MOST = 100 // what one request gives at most
const TRIES = 5 // pages sifted before one is shown what was found

export interface Found {
  items: Ticket[]
  next: string | null
}

/** One page of a tab. What the server cannot tell apart is sifted here, several pages of it at a time. */
export async function pageOf(tab: Tab, from: string | null, q = ''): Promise<Found> {
  const found: Ticket[] = []
  let next = from
  for (let tries = 0; tries < TRIES; tries++) {
    const page = await list(tab.box, next, { ...tab.query, ...(tab.box === 'all' ? {} : { order: 'due' }), ...(q ? { q } : {}), limit: String(tab.sifted ? MOST : PAGE) })
    found.push(...page.items.filter(tab.keep))
    next = page.next ?? null
    if (!next || !tab.sifted || found.length >= PAGE) break
  }
  return { items: found, next }
}

export type Counts = Partial<Record<TabKey, string>>

// Which number of which box each tab's badge says; what lies in the whole area is not counted.
const NUMBERS: Readonly<Record<Exclude<TabKey, 'all'>, [keyof BoxCounts, keyof BoxCounts['inbox']]>> = {
  due: ['inbox', 'open'], overdue: ['inbox', 'overdue'], unassigned: ['unassigned', 'open'], fresh: ['inbox', 'new'], accepted: ['inbox', 'accepted'], dispatched: ['inbox', 'dispatched'],
  claimed: ['inbox', 'claimed'], take: ['inbox', 'to_take'], working: ['inbox', 'to_do'], waiting: ['inbox', 'waiting'], resolved: ['inbox', 'resolved'],
}
const ENOUGH = 999 // the server counts no further

export const spokenCount = (n: number): string => (n >= ENOUGH ? `${ENOUGH}+` : String(n))

/** How many wait, tab by tab; nothing is said of none. */
export async function counted(tabs: readonly Tab[]): Promise<Counts> {
  const found = await counts()
  const said = ({ key }: Tab): string => {
    const [box, number] = NUMBERS[key as keyof typeof NUMBERS]
    return found[box][number] ? spokenCount(found[box][number]) : ''
  }
  return Object.fromEntries(tabs.filter((tab) => tab.box !== 'all').map((tab) => [tab.key, said(tab)]))
}
