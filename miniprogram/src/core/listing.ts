// A page that shows one box of tickets, or several beside each other: paging, switching, an act from a card. A list page is a few lines.
import type { Section, Words } from '../i18n/index'
import { say } from '../i18n/index'
import { fetchMe } from '../services/me'
import type { Ticket } from '../services/shapes'
import { count } from '../services/notices'
import { list, type Box } from '../services/tickets'
import { screen } from './screen'
import { store } from './store'

export interface Listing {
  title: (t: Words) => string
  /** Boxes shown as tabs; only those that hold for the reader. */
  boxes: () => { box: Box; words: string }[]
  quick?: string
  words?: readonly Section[]
  empty: (box: Box) => { title: string; text: string }
}

export function listing(spec: Listing): void {
  screen({
    words: ['mine', 'home', 'work', 'outbox', ...(spec.words ?? [])],
    title: spec.title,
    renews: 'top',
    data: { box: '' as Box | '', boxes: [] as { box: Box; words: string }[], items: [] as Ticket[], more: false, quick: spec.quick ?? '', emptyTitle: '', emptyText: '' },
    own: { next: null as string | null, busy: false },
    async load() {
      if (!store.get().me) await fetchMe() // which boxes there are depends on who looks
      const boxes = spec.boxes()
      const box = this.data.box || boxes[0]!.box
      void count().catch(() => undefined)
      const page = await list(box)
      this.next = page.next ?? null
      const { title, text } = spec.empty(box)
      return { box, boxes, items: page.items, more: Boolean(this.next), empty: !page.items.length, emptyTitle: title, emptyText: text }
    },
    shared(changed) {
      if ('unsent' in changed && this.data.box) void this.reload() // one more has been sent
    },
    async reached() {
      if (!this.next || this.busy) return
      this.busy = true
      try {
        const page = await list(this.data.box as Box, this.next)
        this.next = page.next ?? null
        const from = this.data.items.length // only what is new is handed over: a long list stays quick
        const added = page.items.map((item, n) => [`items[${from + n}]`, item] as const)
        this.setData({ ...Object.fromEntries(added), more: Boolean(this.next) })
      } catch {
        this.setData({ more: true }) // the next pull at the end tries again
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

export const boxed = (...boxes: Box[]): { box: Box; words: string }[] => {
  const words: Partial<Record<Box, string>> = { mine: say('mine').mine, following: say('mine').following, inbox: say('work').inbox, unassigned: say('work').unassigned, all: say('work').all }
  return boxes.map((box) => ({ box, words: words[box] ?? box }))
}
