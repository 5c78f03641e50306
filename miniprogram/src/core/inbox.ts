// Pages of a desk's tab, what needs doing soonest first; and how many wait in each tab.
import type { Ticket } from '../services/shapes'
import { list, type Box } from '../services/tickets'
import type { Tab, TabKey } from './desk'

export const PAGE = 20
const MOST = 100 // what one request gives at most, and what a badge counts to
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

/** How many wait, tab by tab, from the most urgent hundred; a plus where there may be more. */
export async function counted(tabs: readonly Tab[]): Promise<Counts> {
  const boxes: Box[] = [...new Set(tabs.map((tab) => tab.box).filter((box) => box !== 'all'))]
  const pages = await Promise.all(boxes.map((box) => list(box, null, { order: 'due', limit: String(MOST) })))
  const said = (tab: Tab): string => {
    const page = pages[boxes.indexOf(tab.box)]
    const n = page?.items.filter(tab.keep).length ?? 0
    return n ? `${n}${page?.next ? '+' : ''}` : ''
  }
  return Object.fromEntries(tabs.filter((tab) => tab.box !== 'all').map((tab) => [tab.key, said(tab)]))
}
