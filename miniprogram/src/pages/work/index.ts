// The workbench of staff: tickets by tabs, the earliest limit first, with quick actions.
import { draftText } from '../../domain/draftText'
import { messageOf } from '../../domain/errorMessage'
import { fetchPage, fetchTabCounts, type TabCounts } from '../../domain/inbox'
import { fetchMe } from '../../domain/profile'
import { observerRole } from '../../domain/roles'
import { store } from '../../domain/store'
import type { ActionRequest } from '../../domain/types'
import { type Area, fetchToday } from '../../domain/today'
import { pickedTab, type Tab, type TabKey, tabsOf, type TodayKind } from '../../domain/workbench'
import { fill, wordsOf } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'
import { getTicket } from '../../services/tickets'
import { definePage } from '../../ui/page'
import { fontScale } from '../../ui/theme'
import { ticketRoute } from '../../ui/ticketRoute'

interface TabView {
  key: TabKey
  words: string
  badge: string
  on: boolean
}

/** The message of an empty tab. Observers handle no tickets; they get a message of their own. */
function emptiness(key: TabKey): [string, string] {
  const [words, office, who] = [wordsOf('workbench'), wordsOf('office'), observerRole()]
  if (who) return [office[`${who}Title`], office[`${who}Text`]]
  return key === 'due' ? [words.empty, words.emptyText] : [words.emptyTab, words.emptyTabText]
}

// The tabs of which a ticket is in one at a time.
const ONE_OF_MANY: ReadonlySet<TabKey> = new Set([
  'unassigned',
  'fresh',
  'accepted',
  'dispatched',
  'claimed',
  'take',
  'working',
  'waiting',
  'resolved',
  'all',
])
const LARGE = 1.45 // from this text size on there is no room for two tabs
const COUNTS_LIFETIME = 30_000 // milliseconds before the counts are fetched again

definePage({
  words: ['workbench'],
  title: (t) => t.workbench.title,
  autoRefresh: 'top',
  data: {
    tabs: [] as TabView[],
    key: '' as TabKey | '',
    shown: '', // the id of the tab that is scrolled into sight
    areas: [] as Area[],
    heads: {} as Record<number, string>,
    items: [] as Ticket[],
    more: false,
    quick: true,
    request: null as ActionRequest | null,
    acting: '',
    emptyTitle: '',
    emptyText: '',
  },
  instanceFields: {
    next: null as string | null,
    picked: null as Tab | null, // the list of a number of today's picture, as a tab of its own
    busy: false,
    opened: '',
    removed: null as { id: string; at: number } | null, // the last card that left the list, and from where
    counts: {} as TabCounts,
    counted: 0,
    requestNumber: 0,
  },
  onStoreChange(changed) {
    if ('themeVersion' in changed && this.data.key) this.draw()
  },
  async onReachEnd() {
    if (this.data.key === 'today' || !this.next || this.busy) return
    this.busy = true
    try {
      const { requestNumber } = this
      const page = await fetchPage(this.tab(), this.next)
      if (requestNumber !== this.requestNumber) return // another tab was chosen meanwhile
      this.next = page.next
      const from = this.data.items.length // set only the new items
      this.setData({
        more: Boolean(this.next),
        problem: '',
        ...Object.fromEntries(page.items.map((ticket, n) => [`items[${from + n}]`, ticket])),
      })
    } catch (error) {
      wx.showToast({ title: messageOf(error), icon: 'none' }) // scrolling again tries again
    } finally {
      this.busy = false
    }
  },
  methods: {
    tab(): Tab {
      const tabs = this.allTabs()
      return tabs.find((tab) => tab.key === this.data.key) ?? tabs[0]!
    },
    allTabs(): Tab[] {
      const [first, ...others] = tabsOf(store.get().me)
      return this.picked ? [first!, this.picked, ...others] : [first!, ...others]
    },
    draw() {
      const words = wordsOf('workbench')
      const { key } = this.tab()
      const tabs = this.allTabs().map((tab) => ({
        key: tab.key,
        words: tab.words ?? words[tab.key as Exclude<TabKey, 'picked'>],
        badge: this.counts[tab.key] ?? '',
        on: tab.key === key,
      }))
      const [emptyTitle, emptyText] = emptiness(key)
      this.setData({ tabs, key, quick: key !== 'all', emptyTitle, emptyText })
      // Once the tab is there; with the one before it, where there is room for both.
      const at = tabs.findIndex((tab) => tab.on)
      const before = at && fontScale() < LARGE ? tabs[at - 1]!.key : key
      this.setData({ shown: at ? `tab-${before}` : 'tabs-begin' })
    },
    /** Update the badges. They come after the list; a failure is ignored. */
    async count() {
      if (Date.now() - this.counted < COUNTS_LIFETIME) return
      this.counted = Date.now()
      this.counts = await fetchTabCounts(tabsOf(store.get().me)).catch(() => this.counts)
      this.draw()
    },
    async choose(event: { currentTarget: { dataset: { key: TabKey } } }) {
      const { key } = event.currentTarget.dataset
      if (key === this.data.key) return
      if (key !== 'picked') this.picked = null
      await this.turnTo(key)
    },
    /** Open the list that a number of today's picture counts. */
    async pick(event: { detail: { kind: TodayKind; unit: { id: string; label: string } } }) {
      this.picked = pickedTab(event.detail.kind, event.detail.unit)
      await this.turnTo('picked')
    },
    async turnTo(key: TabKey) {
      this.opened = ''
      this.counted = 0
      this.setData({ key, items: [], heads: {}, state: 'loading' })
      this.draw()
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
      await this.reload()
    },
    search() {
      wx.navigateTo({ url: '/staff/search/index' })
    },
    open(event: { detail: { ticket: Ticket } }) {
      this.opened = event.detail.ticket.id
      wx.navigateTo({ url: ticketRoute(this.opened) })
    },
    act(event: { detail: ActionRequest }) {
      this.setData({ request: event.detail, acting: event.detail.ticket.id })
    },
    closed() {
      this.setData({ request: null, acting: '' })
    },
    done(event: { detail: { ticket: Ticket } }) {
      this.closed()
      this.put(event.detail.ticket)
    },
    /** The ticket has changed meanwhile: say so and show its current state. */
    async stale(event: { detail: { sentence: string } }) {
      const { acting: id, request } = this.data
      this.closed()
      if (draftText(id, request!.action)) {
        // the ticket's page shows the typed text
        this.opened = id
        return void wx.navigateTo({ url: `${ticketRoute(id)}&tried=${request!.action}` })
      }
      wx.showToast({ title: event.detail.sentence, icon: 'none', duration: 3000 })
      await this.renew(id)
    },
    async renew(id: string) {
      const fresh = await getTicket(id).catch(() => null)
      if (fresh) return this.put(fresh)
      this.setItems(this.data.items.filter((ticket) => ticket.id !== id)) // no longer visible to the reader
    },
    /** Put a ticket back where it was before its last action: no other card moves. */
    restore(event: { detail: { ticket: Ticket } }) {
      const { ticket } = event.detail
      const { id, at } = this.removed ?? { id: '', at: 0 }
      const items = this.data.items.filter((other) => other.id !== ticket.id)
      const isAway = id === ticket.id && items.length === this.data.items.length
      if (isAway && this.tab().matches(ticket))
        this.setItems([...items.slice(0, at), ticket, ...items.slice(at)])
      this.put(ticket)
    },
    /** Replace one ticket in the list, or remove it when it no longer belongs to the tab. */
    put(fresh: Ticket) {
      const { items } = this.data
      this.counted = 0
      void this.count()
      if (this.data.key === 'today') return void this.reload() // its numbers have changed, too
      const at = items.findIndex((ticket) => ticket.id === fresh.id)
      if (at < 0) return
      if (this.tab().matches(fresh)) return this.setData({ [`items[${at}]`]: fresh })
      const to = tabsOf(store.get().me).find(
        (tab) => ONE_OF_MANY.has(tab.key) && (tab.box !== 'inbox' || fresh.held) && tab.matches(fresh),
      )
      if (to && !store.get().result)
        wx.showToast({
          title: fill(wordsOf('workbench').gone, { tab: wordsOf('workbench')[to.key as 'fresh'] }),
          icon: 'none',
        })
      this.removed = { id: fresh.id, at }
      this.setItems(items.filter((ticket) => ticket.id !== fresh.id))
    },
    setItems(items: Ticket[]) {
      this.setData({ items, state: items.length ? 'ready' : 'empty' })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    if (!store.get().me) await fetchMe()
    this.draw()
    const id = this.opened
    this.opened = ''
    if (this.data.key === 'today') {
      const picture = await fetchToday()
      this.counted = 0
      void this.count()
      return this.data.key === 'today' ? { ...picture, more: false, empty: false } : {}
    }
    if (id && this.data.items.length) {
      await this.renew(id)
      return { empty: !this.data.items.length }
    }
    const requestNumber = ++this.requestNumber
    const page = await fetchPage(this.tab(), null)
    if (requestNumber !== this.requestNumber) return { empty: !this.data.items.length }
    this.next = page.next
    this.counted = 0
    void this.count()
    return { items: page.items, more: Boolean(page.next), empty: !page.items.length }
  },
})
