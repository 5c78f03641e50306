// Search of all tickets the reader may see. Recent searches are kept.
import { messageOf } from '../../domain/errorMessage'
import { readStorage, writeStorage } from '../../platform/storage'
import type { Ticket } from '../../services/shapes'
import { listTickets } from '../../services/tickets'
import { definePage } from '../../ui/page'
import { ticketRoute } from '../../ui/ticketRoute'

const PAUSE = 350 // milliseconds without typing before a search
const KEPT = 8

definePage({
  words: ['workbench'],
  title: (t) => t.workbench.search,
  data: {
    q: '',
    lastQuery: '',
    items: [] as Ticket[],
    more: false,
    none: false,
    busy: false,
    trouble: '',
    recent: [] as string[],
  },
  instanceFields: { timer: 0, next: null as string | null, paging: false },
  onOpen() {
    this.setData({ recent: readStorage<string[]>('searched') ?? [] })
  },
  onClose() {
    clearTimeout(this.timer)
  },
  async onReachEnd() {
    if (!this.next || this.paging) return
    this.paging = true
    const { lastQuery, items } = this.data
    const page = await listTickets('all', this.next, { q: lastQuery }).catch(() => null)
    this.paging = false
    if (!page || lastQuery !== this.data.lastQuery) return
    this.next = page.next ?? null
    this.setData({
      more: Boolean(this.next),
      ...Object.fromEntries(page.items.map((ticket, n) => [`items[${items.length + n}]`, ticket])),
    })
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
      if (!q) return this.setData({ items: [], lastQuery: '', none: false, trouble: '' })
      this.setData({ busy: true, trouble: '' })
      try {
        const page = await listTickets('all', null, { q })
        if (q !== this.data.q.trim()) return
        this.next = page.next ?? null
        this.setData({
          items: page.items,
          lastQuery: q,
          more: Boolean(this.next),
          none: !page.items.length,
          busy: false,
        })
      } catch (error) {
        this.setData({ trouble: messageOf(error), busy: false })
      }
    },
    pick(event: { currentTarget: { dataset: { q: string } } }) {
      this.setData({ q: event.currentTarget.dataset.q })
      void this.find()
    },
    clear() {
      writeStorage('searched', [])
      this.setData({ recent: [] })
    },
    open(event: { detail: { ticket: Ticket } }) {
      const { lastQuery } = this.data
      const recent = [lastQuery, ...this.data.recent.filter((each) => each !== lastQuery)].slice(0, KEPT)
      writeStorage('searched', recent)
      this.setData({ recent })
      wx.navigateTo({ url: ticketRoute(event.detail.ticket.id) })
    },
  },
})
