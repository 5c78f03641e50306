// Refreshing a visible page by itself when there is news, where that does not disturb; else a bar offers it.
import { type SharedState, store } from '../domain/store'
import { sameContent } from './sameContent'

/** Where a page may refresh itself: a list only at its top, a ticket wherever it is scrolled to. */
export type RefreshScope = 'top' | 'anywhere'

export interface RefreshablePage {
  visible?: boolean
  scrollTop?: number
  outdated?: boolean // there is news since the page was loaded
  data: object
  setData(patch: object): void
}

const TOP = 24 // px; less is not scrolling

/** Whether a change of the store may let a page refresh itself. */
export const affectsRefresh = (changed: Partial<SharedState>): boolean =>
  'newsVersion' in changed || changed.sheetOpen === false || changed.actionOpen === false

/** What to do about news: nothing while the user is typing or acting. */
export function refreshAction(page: RefreshablePage, scope: RefreshScope): 'nothing' | 'refresh' | 'offer' {
  const { sheetOpen, actionOpen } = store.get()
  if (!page.visible || !page.outdated || sheetOpen || actionOpen) return 'nothing'
  return scope === 'anywhere' || (page.scrollTop ?? 0) < TOP ? 'refresh' : 'offer'
}

/** Set only the data that differ, so that the rest is not drawn again. */
export function setChanged(page: RefreshablePage, data: object): void {
  const current = page.data as Record<string, unknown>
  const changed = Object.entries(data).filter(([name, value]) => !sameContent(value, current[name]))
  if (changed.length) page.setData(Object.fromEntries(changed))
}
