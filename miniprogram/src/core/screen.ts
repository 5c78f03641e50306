// A page in few lines: `load` fetches what it shows, everything around it — loading, empty, error, offline, language, size — is here.
import type { Section, Words } from '../i18n/index'
import { look, type Look } from './look'
import { own } from './own'
import { problemOf } from './problem'
import { asked, replace, stirs, type Renewing, type Renews } from './renewing'
import { store, type Shared } from './store'
import { spokenWords } from './words'

export type State = 'loading' | 'ready' | 'empty' | 'error' | 'offline'

export interface Screen<D> {
  data: D & { t: Words; look: Look; state: State; problem: string; news: boolean }
  query: Record<string, string>
  setData(patch: Partial<D> & Record<string, unknown>): void
  /** Fetch again; what is shown stays until the answer is there. */
  reload(): Promise<void>
}

export interface ScreenSpec<D extends object, M extends object, O extends object> {
  words: readonly Section[]
  title?: (t: Words) => string
  data: D
  /** Fields of its own that are not shown: cursors, timers. */
  own?: O
  /** Return what to show; `empty: true` shows the empty state instead. */
  load?: () => Promise<NoInfer<Partial<D>> & { empty?: boolean }>
  /** Where it shows what moves: renew it when news comes. */
  renews?: Renews
  opened?: (query: Record<string, string>) => void
  shown?: () => void
  left?: () => void
  reached?: () => void
  shared?: (changed: Partial<Shared>) => void
  methods?: M
}

interface Instance extends Screen<object>, Renewing {
  data: Screen<object>['data']
  setData(patch: Record<string, unknown>): void
  started?: boolean
  unwatch?: () => void
}

export function screen<D extends object, M extends object = object, O extends object = object>(
  spec: ScreenSpec<D, M, O> & ThisType<Screen<D> & M & O>,
): void {
  Component({
    data: { ...spec.data, t: spokenWords(['common', ...spec.words]), look: look(), state: spec.load ? 'loading' : 'ready', problem: '', news: false },
    methods: {
      ...spec.methods,
      ...lifecycle(spec),
      async reload(this: Instance) {
        if (spec.load) await load(this, () => spec.load!.call(this as never))
      },
      /** What the bar of news does when it is tapped. */
      async freshen(this: Instance) {
        wx.pageScrollTo({ scrollTop: 0, duration: 0 })
        await this.reload()
      },
    },
  } as never) // the platform's own type of Component knows nothing of ThisType above
}

function lifecycle<D extends object, M extends object, O extends object>(spec: ScreenSpec<D, M, O>): object {
  const dress = (page: Instance): void => {
    page.setData({ t: spokenWords(['common', ...spec.words]), look: look() })
    if (spec.title) wx.setNavigationBarTitle({ title: spec.title(page.data.t) })
  }
  return {
    onLoad(this: Instance, query: Record<string, string> = {}) {
      Object.assign(this, own(spec.own))
      this.query = query
      dress(this)
      this.unwatch = store.watch((changed) => {
        if ('look' in changed) dress(this)
        spec.shared?.call(this as never, changed)
        if ('news' in changed) this.due = true
        if (spec.renews && stirs(changed)) renew(this, spec.renews, () => spec.load!.call(this as never))
      })
      spec.opened?.call(this as never, query)
    },
    onShow(this: Instance) {
      this.front = true
      dress(this)
      void this.reload() // also when one comes back: meanwhile things moved
      spec.shown?.call(this as never)
    },
    onHide(this: Instance) {
      this.front = false
    },
    onUnload(this: Instance) {
      this.front = false
      this.unwatch?.()
      spec.left?.call(this as never)
    },
    onReachBottom(this: Instance) {
      spec.reached?.call(this as never)
    },
    ...(spec.renews === 'top' ? { onPageScroll: scrolled } : {}),
    async onPullDownRefresh(this: Instance) {
      await this.reload()
      wx.stopPullDownRefresh()
    },
  }
}

function scrolled(this: Instance, { scrollTop }: { scrollTop: number }): void {
  this.top = scrollTop
}

type Fetch = () => Promise<{ empty?: boolean }>

async function load(page: Instance, fetch: Fetch): Promise<void> {
  page.due = false
  try {
    const { empty, ...found } = await fetch()
    page.started = true
    page.setData({ ...found, state: empty ? 'empty' : 'ready', problem: '', news: false })
  } catch (error) {
    const problem = problemOf(error)
    const state: State = page.started ? page.data.state : problem.why === 'offline' ? 'offline' : 'error'
    page.setData({ state, problem: problem.sentence })
  }
}

function renew(page: Instance, renews: Renews, fetch: Fetch): void {
  const wanted = page.started ? asked(page, renews) : 'nothing'
  if (wanted === 'renew') void quietly(page, fetch)
  if (wanted === 'offer') page.setData({ news: true })
}

/** What is shown stays until the answer is there, and when there is none. */
async function quietly(page: Instance, fetch: Fetch): Promise<void> {
  page.due = false
  try {
    const { empty, ...found } = await fetch()
    replace(page, { ...found, state: empty ? 'empty' : 'ready', problem: '', news: false })
  } catch {
    page.due = true // the next news, or the next look, tries again
  }
}
