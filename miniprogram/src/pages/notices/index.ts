// What has moved: newest first; a tap opens the ticket and reads the notice.
import { ticketPage } from '../../core/opening'
import { screen } from '../../core/screen'
import { spoken } from '../../core/time'
import { called, language } from '../../i18n/index'
import { list, read } from '../../services/notices'
import type { Notice } from '../../services/shapes'

interface Row extends Notice {
  words: string
  when: string
}

// The server's sentence names the place and what became of it; it speaks Chinese only.
const row = (notice: Notice): Row => ({ ...notice, words: language() === 'zh-Hans' ? notice.label : called('event', notice.type.replace('ticket.', ''), notice.label), when: spoken(notice.at) })

screen({
  words: ['notices'],
  title: (t) => t.notices.title,
  renews: 'top',
  data: { items: [] as Row[], unread: 0 },
  own: { next: null as string | null },
  async load() {
    const page = await list()
    this.next = page.next ?? null
    return { items: page.items.map(row), unread: page.unread, empty: !page.items.length }
  },
  async reached() {
    if (!this.next) return
    const page = await list(this.next)
    this.next = page.next ?? null
    this.setData({ items: [...this.data.items, ...page.items.map(row)] })
  },
  methods: {
    open(event: { currentTarget: { dataset: { n: number } } }) {
      const notice = this.data.items[event.currentTarget.dataset.n]!
      if (!notice.read) void read([notice.id]).catch(() => undefined)
      if (notice.ticket_id) wx.navigateTo({ url: ticketPage(notice.ticket_id) })
    },
    async readAll() {
      await read('all').catch(() => undefined)
      await this.reload()
    },
  },
})
