// News for a page in front: it renews itself where that disturbs nobody, else a bar offers to.
import { store, type Shared } from './store'

/** A list renews itself while one is at its top; a ticket wherever one has scrolled to. */
export type Renews = 'top' | 'anywhere'

export interface Renewing {
  front?: boolean
  top?: number
  due?: boolean // news came, and what is shown is from before it
  data: object
  setData(patch: object): void
}

const TOP = 24 // px: nobody scrolls this far to read

/** What of the shared state makes a page look again whether it may renew itself. */
export const stirs = (changed: Partial<Shared>): boolean => 'news' in changed || changed.covered === false || changed.acting === false

/** What to do now about news that came: nothing while something is open to be typed or acted on. */
export function asked(page: Renewing, renews: Renews): 'nothing' | 'renew' | 'offer' {
  const { covered, acting } = store.get()
  if (!page.front || !page.due || covered || acting) return 'nothing'
  return renews === 'anywhere' || (page.top ?? 0) < TOP ? 'renew' : 'offer'
}

/** Put what was found in the place of what is shown; what is the same is not drawn again. */
export function replace(page: Renewing, found: object): void {
  const shown = page.data as Record<string, unknown>
  const fresh = Object.entries(found).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(shown[name]))
  if (fresh.length) page.setData(Object.fromEntries(fresh))
}
