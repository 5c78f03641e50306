// Who of the office has looked at one's phone number or identity, newest first. A tap opens the report it was about.
import { formatTime } from '../../domain/time'
import { labelOf } from '../../i18n/index'
import { listLooks } from '../../services/me'
import type { Look } from '../../services/shapes'
import { definePage } from '../../ui/page'
import { ticketRoute } from '../../ui/ticketRoute'

interface Row extends Look {
  words: string
  when: string
}

const row = (look: Look): Row => ({
  ...look,
  words: labelOf('looks', look.what, look.what_name),
  when: formatTime(look.at),
})

definePage({
  words: ['looks'],
  title: (t) => t.looks.title,
  data: { items: [] as Row[], more: false },
  instanceFields: { next: null as string | null, busy: false },
  async load() {
    const page = await listLooks()
    this.next = page.next ?? null
    return { items: page.items.map(row), more: Boolean(this.next), empty: !page.items.length }
  },
  async onReachEnd() {
    if (!this.next || this.busy) return
    this.busy = true
    try {
      const page = await listLooks(this.next)
      this.next = page.next ?? null
      this.setData({ items: [...this.data.items, ...page.items.map(row)], more: Boolean(this.next) })
    } catch {
      // keep what is shown; scrolling again tries again
    } finally {
      this.busy = false
    }
  },
  methods: {
    open(event: { currentTarget: { dataset: { id: string } } }) {
      wx.navigateTo({ url: ticketRoute(event.currentTarget.dataset.id) })
    },
  },
})
