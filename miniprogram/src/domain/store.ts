// State that several pages show. Whoever watches is called on every change.
import type { Person, Subscriptions } from '../services/shapes'
import type { ActionResult } from './types'

export interface SharedState {
  me: Person | null
  unread: number // notices
  newest: string // id of the newest notice; ids rise with time
  newsVersion: number // rises when there is something new to see
  moments: Subscriptions['moments'] // which subscribe messages to ask for, and when
  unsent: number // reports in the outbox
  unsentVisits: number
  unsentBallots: number // answers to surveys
  sending: string // key of the report of the outbox that is being sent
  consentOpen: boolean // the privacy guide is shown
  online: boolean
  sheetOpen: boolean // the tab bar is hidden while a sheet is open
  actionOpen: boolean // an action is chosen, asked about or under way
  result: ActionResult | null // of the last action, as long as it is said
  themeVersion: number // rises when language, text size or colours change
}

type Watcher = (changed: Partial<SharedState>) => void
const watchers = new Set<Watcher>()
const state: SharedState = {
  me: null,
  unread: 0,
  newest: '',
  newsVersion: 0,
  moments: {},
  unsent: 0,
  unsentVisits: 0,
  unsentBallots: 0,
  sending: '',
  consentOpen: false,
  online: true,
  sheetOpen: false,
  actionOpen: false,
  result: null,
  themeVersion: 0,
}

export const store = {
  get: (): Readonly<SharedState> => state,

  set(changed: Partial<SharedState>): void {
    Object.assign(state, changed)
    for (const watcher of [...watchers]) watcher(changed)
  },

  /** Call `watcher` on every change until the returned function is called. */
  watch(watcher: Watcher): () => void {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  },
}
