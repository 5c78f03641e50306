// The desk of whoever holds a post: what waits for them, soonest first, by tabs; the next step is one tap away in the list.
import type { Wanted } from '../../components/act-sheet/act-sheet'
import { tabsOf, type Tab, type TabKey } from '../../core/desk'
import { counted, pageOf, type Counts } from '../../core/inbox'
import { ticketPage } from '../../core/opening'
import { onlooker } from '../../core/office'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { typedFor } from '../../core/typed'
import { fill, say } from '../../i18n/index'
import { fetchMe } from '../../services/me'
import type { Ticket } from '../../services/shapes'
import { one } from '../../services/tickets'

interface Shown {
  key: TabKey
  words: string
  badge: string
  on: boolean
}

/** What an empty tab says; an admin or auditor handles nothing, and is told what is theirs instead. */
function emptiness(key: TabKey): [string, string] {
  const [words, office, who] = [say('desk'), say('office'), onlooker()]
  if (who) return [office[`${who}Title`], office[`${who}Text`]]
  return key === 'due' ? [words.empty, words.emptyText] : [words.emptyTab, words.emptyTabText]
}

const PATIENCE = 30_000 // counts this old are good enough when one only comes back

screen({
  words: ['desk'],
  title: (t) => t.desk.title,
  renews: 'top',
  data: { tabs: [] as Shown[], key: '' as TabKey | '', items: [] as Ticket[], more: false, quick: true, wanted: null as Wanted | null, acting: '', emptyTitle: '', emptyText: '' },
  own: { next: null as string | null, busy: false, opened: '', counts: {} as Counts, counted: 0, asked: 0 },
  shared(changed) {
    if ('look' in changed && this.data.key) this.draw()
  },
  async reached() {
    if (!this.next || this.busy) return
    this.busy = true
    try {
      const { asked } = this
      const page = await pageOf(this.tab(), this.next)
      if (asked !== this.asked) return // another tab meanwhile
      this.next = page.next
      const from = this.data.items.length // only the new ones travel to the view
      this.setData({ more: Boolean(this.next), problem: '', ...Object.fromEntries(page.items.map((ticket, n) => [`items[${from + n}]`, ticket])) })
    } catch (error) {
      wx.showToast({ title: problemOf(error).sentence, icon: 'none' }) // what is there stays; scrolling again tries again
    } finally {
      this.busy = false
    }
  },
  methods: {
    tab(): Tab {
      const tabs = tabsOf(store.get().me)
      return tabs.find((tab) => tab.key === this.data.key) ?? tabs[0]!
    },
    draw() {
      const words = say('desk')
      const { key } = this.tab()
      const tabs = tabsOf(store.get().me).map((tab) => ({ key: tab.key, words: words[tab.key], badge: this.counts[tab.key] ?? '', on: tab.key === key }))
      const [emptyTitle, emptyText] = emptiness(key)
      this.setData({ tabs, key, quick: key !== 'all', emptyTitle, emptyText })
    },
    /** The badges come after the list, and their failing stops nobody. */
    async count() {
      if (Date.now() - this.counted < PATIENCE) return
      this.counted = Date.now()
      this.counts = await counted(tabsOf(store.get().me)).catch(() => this.counts)
      this.draw()
    },
    async choose(event: { currentTarget: { dataset: { key: TabKey } } }) {
      const { key } = event.currentTarget.dataset
      if (key === this.data.key) return
      this.opened = ''
      this.counted = 0
      this.setData({ key, items: [], state: 'loading' })
      this.draw()
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
      await this.reload()
    },
    search() {
      wx.navigateTo({ url: '/staff/search/index' })
    },
    open(event: { detail: { ticket: Ticket } }) {
      this.opened = event.detail.ticket.id
      wx.navigateTo({ url: ticketPage(this.opened) })
    },
    act(event: { detail: Wanted }) {
      this.setData({ wanted: event.detail, acting: event.detail.ticket.id })
    },
    closed() {
      this.setData({ wanted: null, acting: '' })
    },
    done(event: { detail: { ticket: Ticket } }) {
      this.closed()
      this.put(event.detail.ticket)
    },
    /** Somebody was faster: say what happened, and show the ticket as it is now. */
    async stale(event: { detail: { sentence: string } }) {
      const { acting: id, wanted } = this.data
      this.closed()
      if (typedFor(id, wanted!.action)) { // there is more to tell than a line
        this.opened = id
        return void wx.navigateTo({ url: `${ticketPage(id)}&tried=${wanted!.action}` })
      }
      wx.showToast({ title: event.detail.sentence, icon: 'none', duration: 3000 })
      await this.renew(id)
    },
    async renew(id: string) {
      const fresh = await one(id).catch(() => null)
      if (fresh) return this.put(fresh)
      this.setItems(this.data.items.filter((ticket) => ticket.id !== id)) // not ours any more
    },
    /** One ticket changed: it stays where it was, or leaves the tab; nobody loses their place in the list. */
    put(fresh: Ticket) {
      const { items } = this.data
      this.counted = 0
      void this.count()
      const at = items.findIndex((ticket) => ticket.id === fresh.id)
      if (at < 0) return
      if (this.tab().keep(fresh)) return this.setData({ [`items[${at}]`]: fresh })
      const to = tabsOf(store.get().me).find((tab) => tab.key !== 'due' && tab.key !== 'overdue' && tab.keep(fresh))
      if (to) wx.showToast({ title: fill(say('desk').gone, { tab: say('desk')[to.key] }), icon: 'none' })
      this.setItems(items.filter((ticket) => ticket.id !== fresh.id))
    },
    setItems(items: Ticket[]) {
      this.setData({ items, state: items.length ? 'ready' : 'empty' })
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    if (!store.get().me) await fetchMe()
    this.draw()
    const id = this.opened
    this.opened = ''
    if (id && this.data.items.length) {
      await this.renew(id)
      return { empty: !this.data.items.length }
    }
    const asked = ++this.asked
    const page = await pageOf(this.tab(), null)
    if (asked !== this.asked) return { empty: !this.data.items.length }
    this.next = page.next
    this.counted = 0
    void this.count()
    return { items: page.items, more: Boolean(page.next), empty: !page.items.length }
  },
})
