// Defining a page that lists tickets of one or more boxes: tabs, paging, one action from a card.
import { countUnread } from '../domain/notices'
import { fetchMe } from '../domain/profile'
import { store } from '../domain/store'
import { type Section, type Words, wordsOf } from '../i18n/index'
import type { Ticket } from '../services/shapes'
import { type Box, listTickets } from '../services/tickets'
import { definePage } from './page'

export interface ListPageOptions {
  title: (t: Words) => string
  /** The boxes shown as tabs. */
  boxes: () => { box: Box; words: string }[]
  /** The action that one tap on a card does. */
  quick?: string
  words?: readonly Section[]
  empty: (box: Box) => { title: string; text: string }
}

export function defineListPage(options: ListPageOptions): void {
  definePage({
    words: ['mine', 'home', 'work', 'outbox', ...(options.words ?? [])],
    title: options.title,
    autoRefresh: 'top',
    data: {
      box: '' as Box | '',
      boxes: [] as { box: Box; words: string }[],
      items: [] as Ticket[],
      more: false,
      quick: options.quick ?? '',
      emptyTitle: '',
      emptyText: '',
    },
    instanceFields: { next: null as string | null, busy: false },
    async load() {
      if (!store.get().me) await fetchMe() // the boxes depend on the person
      const boxes = options.boxes()
      const box = this.data.box || boxes[0]!.box
      void countUnread().catch(() => undefined)
      const page = await listTickets(box)
      this.next = page.next ?? null
      const { title, text } = options.empty(box)
      return {
        box,
        boxes,
        items: page.items,
        more: Boolean(this.next),
        empty: !page.items.length,
        emptyTitle: title,
        emptyText: text,
      }
    },
    onStoreChange(changed) {
      if ('unsent' in changed && this.data.box) void this.reload() // a report has been sent
    },
    async onReachEnd() {
      if (!this.next || this.busy) return
      this.busy = true
      try {
        const page = await listTickets(this.data.box as Box, this.next)
        this.next = page.next ?? null
        const from = this.data.items.length // set only the new items: a long list stays fast
        const added = page.items.map((item, n) => [`items[${from + n}]`, item] as const)
        this.setData({ ...Object.fromEntries(added), more: Boolean(this.next), problem: '' })
      } catch {
        this.setData({ more: true }) // scrolling to the end tries again
      } finally {
        this.busy = false
      }
    },
    methods: {
      async choose(event: { currentTarget: { dataset: { box: Box } } }) {
        const { box } = event.currentTarget.dataset
        if (box === this.data.box) return
        this.setData({ box, items: [], state: 'loading' })
        await this.reload()
      },
      changed() {
        void this.reload()
      },
      report() {
        wx.switchTab({ url: '/pages/home/index' })
      },
    },
  })
}

export const boxTabs = (...boxes: Box[]): { box: Box; words: string }[] => {
  const words: Partial<Record<Box, string>> = {
    mine: wordsOf('mine').mine,
    following: wordsOf('mine').following,
    inbox: wordsOf('work').inbox,
    unassigned: wordsOf('work').unassigned,
    all: wordsOf('work').all,
  }
  return boxes.map((box) => ({ box, words: words[box] ?? box }))
}
