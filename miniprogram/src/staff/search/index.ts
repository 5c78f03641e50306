// Searching every ticket one may see: by address, kind, words or number; what was searched lately is one tap away.
import { keep, recall } from '../../core/box'
import { ticketPage } from '../../core/opening'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import type { Ticket } from '../../services/shapes'
import { list } from '../../services/tickets'

const PAUSE = 350 // of typing, in milliseconds
const KEPT = 8

screen({
  words: ['desk'],
  title: (t) => t.desk.search,
  data: { q: '', asked: '', items: [] as Ticket[], more: false, none: false, busy: false, trouble: '', recent: [] as string[] },
  own: { timer: 0, next: null as string | null, paging: false },
  opened() {
    this.setData({ recent: recall<string[]>('searched') ?? [] })
  },
  left() {
    clearTimeout(this.timer)
  },
  async reached() {
    if (!this.next || this.paging) return
    this.paging = true
    const { asked, items } = this.data
    const page = await list('all', this.next, { q: asked }).catch(() => null)
    this.paging = false
    if (!page || asked !== this.data.asked) return
    this.next = page.next ?? null
    this.setData({ more: Boolean(this.next), ...Object.fromEntries(page.items.map((ticket, n) => [`items[${items.length + n}]`, ticket])) })
  },
  methods: {
    type(event: { detail: { value: string } }) {
      clearTimeout(this.timer)
      this.setData({ q: event.detail.value })
      this.timer = setTimeout(() => void this.find(), PAUSE)
    },
    async find(): Promise<void> {
      clearTimeout(this.timer)
      const q = this.data.q.trim()
      if (!q) return this.setData({ items: [], asked: '', none: false, trouble: '' })
      this.setData({ busy: true, trouble: '' })
      try {
        const page = await list('all', null, { q })
        if (q !== this.data.q.trim()) return
        this.next = page.next ?? null
        this.setData({ items: page.items, asked: q, more: Boolean(this.next), none: !page.items.length, busy: false })
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence, busy: false })
      }
    },
    pick(event: { currentTarget: { dataset: { q: string } } }) {
      this.setData({ q: event.currentTarget.dataset.q })
      void this.find()
    },
    clear() {
      keep('searched', [])
      this.setData({ recent: [] })
    },
    open(event: { detail: { ticket: Ticket } }) {
      const { asked } = this.data
      const recent = [asked, ...this.data.recent.filter((each) => each !== asked)].slice(0, KEPT)
      keep('searched', recent)
      this.setData({ recent })
      wx.navigateTo({ url: ticketPage(event.detail.ticket.id) })
    },
  },
})
