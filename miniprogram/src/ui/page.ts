// Defining a page. `load` fetches what the page shows; loading, empty, what is wrong, language and size are
// handled here.
import { messageOf } from '../domain/errorMessage'
import { type SharedState, store } from '../domain/store'
import type { Section, Words } from '../i18n/index'
import { type ProblemKind, problemOf } from '../platform/problem'
import {
  affectsRefresh,
  type RefreshablePage,
  refreshAction,
  type RefreshScope,
  setChanged,
} from './autoRefresh'
import { copyFields } from './instanceFields'
import { currentTheme, type Theme } from './theme'
import { wordSections } from './words'

/** A problem stands in place of a page that has never been loaded. */
export type PageState = 'loading' | 'ready' | 'empty' | ProblemKind

/** What `this` is in a page's functions, besides its own methods and fields. */
export interface PageInstance<D> {
  data: D & { t: Words; theme: Theme; state: PageState; problem: string; news: boolean }
  query: Record<string, string>
  setData(patch: Partial<D> & Record<string, unknown>): void
  /** Load again. The page keeps what it shows until the answer arrives. */
  reload(): Promise<void>
}

export interface PageOptions<D extends object, M extends object, O extends object> {
  /** Sections of the word table the page shows. */
  words: readonly Section[]
  title?: (t: Words) => string
  data: D
  /** Fields that are not shown: cursors, timers. */
  instanceFields?: O
  /** Return the data to show; `empty: true` shows the empty state instead. */
  load?: () => Promise<NoInfer<Partial<D>> & { empty?: boolean }>
  /** Where the page may refresh itself when there is news. */
  autoRefresh?: RefreshScope
  onOpen?: (query: Record<string, string>) => void
  onVisible?: () => void
  onClose?: () => void
  onReachEnd?: () => void
  onStoreChange?: (changed: Partial<SharedState>) => void
  methods?: M
}

interface Instance extends PageInstance<object>, RefreshablePage {
  data: PageInstance<object>['data']
  setData(patch: Record<string, unknown>): void
  loaded?: boolean
  lastLoad?: number // loads are numbered: they may end in another order than they began
  lastArrival?: number // the newest load that has arrived
  route: string
  getTabBar?(): { choose?(route: string): void } | null
  unwatch?: () => void
}

export function definePage<D extends object, M extends object = object, O extends object = object>(
  options: PageOptions<D, M, O> & ThisType<PageInstance<D> & M & O>,
): void {
  Component({
    data: {
      ...options.data,
      t: wordSections(['common', ...options.words]),
      theme: currentTheme(),
      state: options.load ? 'loading' : 'ready',
      problem: '',
      news: false,
    },
    methods: {
      ...options.methods,
      ...lifecycle(options),
      async reload(this: Instance) {
        if (options.load) await load(this, () => options.load!.call(this as never))
      },
      /** A tap on the bar that says there is news. */
      async refresh(this: Instance) {
        wx.pageScrollTo({ scrollTop: 0, duration: 0 })
        await this.reload()
      },
    },
  } as never) // WeChat's typings of Component do not allow the ThisType above
}

function lifecycle<D extends object, M extends object, O extends object>(
  options: PageOptions<D, M, O>,
): object {
  const updateTexts = (page: Instance): void => {
    page.setData({ t: wordSections(['common', ...options.words]), theme: currentTheme() })
    // WeChat gives the title to the page in front, whoever sets it.
    if (options.title && page.visible) wx.setNavigationBarTitle({ title: options.title(page.data.t) })
  }
  return {
    onLoad(this: Instance, query: Record<string, string> = {}) {
      Object.assign(this, copyFields(options.instanceFields))
      this.query = query
      updateTexts(this)
      this.unwatch = store.watch((changed) => {
        if ('themeVersion' in changed) updateTexts(this)
        options.onStoreChange?.call(this as never, changed)
        if ('newsVersion' in changed) this.outdated = true
        if (changed.online && this.visible && this.data.problem) void this.reload()
        if (options.autoRefresh && affectsRefresh(changed))
          refreshOrOffer(this, options.autoRefresh, () => options.load!.call(this as never))
      })
      options.onOpen?.call(this as never, query)
    },
    onShow(this: Instance) {
      this.visible = true
      this.getTabBar?.()?.choose?.(this.route) // each page has a tab bar of its own
      updateTexts(this)
      void this.reload() // also when the user comes back from another page
      options.onVisible?.call(this as never)
    },
    onHide(this: Instance) {
      this.visible = false
    },
    onUnload(this: Instance) {
      this.visible = false
      this.unwatch?.()
      options.onClose?.call(this as never)
    },
    onReachBottom(this: Instance) {
      options.onReachEnd?.call(this as never)
    },
    ...(options.autoRefresh === 'top' ? { onPageScroll } : {}),
    async onPullDownRefresh(this: Instance) {
      await this.reload()
      wx.stopPullDownRefresh()
    },
  }
}

function onPageScroll(this: Instance, { scrollTop }: { scrollTop: number }): void {
  this.scrollTop = scrollTop
}

type Fetch = () => Promise<{ empty?: boolean }>

async function load(page: Instance, fetch: Fetch): Promise<void> {
  page.outdated = false
  const number = (page.lastLoad = (page.lastLoad ?? 0) + 1)
  const overtaken = (): boolean => number < (page.lastArrival ?? 0)
  try {
    const { empty, ...data } = await fetch()
    if (overtaken()) return
    page.lastArrival = number
    page.loaded = true
    page.setData({ ...data, state: empty ? 'empty' : 'ready', problem: '', news: false })
  } catch (error) {
    if (overtaken()) return // what has arrived since is shown without a complaint
    page.setData({ state: page.loaded ? page.data.state : problemOf(error).kind, problem: messageOf(error) })
  }
}

function refreshOrOffer(page: Instance, scope: RefreshScope, fetch: Fetch): void {
  const action = page.loaded ? refreshAction(page, scope) : 'nothing'
  if (action === 'refresh') void refreshQuietly(page, fetch)
  if (action === 'offer') page.setData({ news: true })
}

/** Refresh without a loading state. When it fails, the page stays as it is. */
async function refreshQuietly(page: Instance, fetch: Fetch): Promise<void> {
  page.outdated = false
  try {
    const { empty, ...data } = await fetch()
    setChanged(page, { ...data, state: empty ? 'empty' : 'ready', problem: '', news: false })
  } catch {
    page.outdated = true // the next news tries again
  }
}
