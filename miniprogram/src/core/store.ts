// What several pages show at once: who I am, unread notices, unsent reports, how things look. Whoever watches is told of changes.
import type { Person } from '../services/shapes'

export interface Shared {
  me: Person | null
  unread: number
  newest: string // the newest notice known of; ids rise with time
  news: number // rises when there is something new to see
  unsent: number
  consenting: boolean
  online: boolean
  covered: boolean // a sheet is open: the tabs make room for it
  acting: boolean // an act is chosen, asked about or under way
  look: number // rises when language, size or theme change
}

type Watcher = (changed: Partial<Shared>) => void
const watchers = new Set<Watcher>()
const shared: Shared = { me: null, unread: 0, newest: '', news: 0, unsent: 0, consenting: false, online: true, covered: false, acting: false, look: 0 }

export const store = {
  get: (): Readonly<Shared> => shared,

  set(changed: Partial<Shared>): void {
    Object.assign(shared, changed)
    for (const watcher of [...watchers]) watcher(changed)
  },

  /** Be told of changes until the returned function is called. */
  watch(watcher: Watcher): () => void {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  },
}
