// The notices, unread dangers first, then the newest. A tap opens the ticket and marks the notice as read.
import { fetchNotices, markRead } from '../../domain/notices'
import { formatTime } from '../../domain/time'
import type { Notice } from '../../services/shapes'
import { hasScreens } from '../../services/subjects'
import { definePage } from '../../ui/page'
import { subjectRoute } from '../../ui/subjectRoute'
import { ticketRoute } from '../../ui/ticketRoute'

interface Row extends Notice {
  words: string
  when: string
}

const row = (notice: Notice): Row => ({
  ...notice,
  words: notice.label,
  when: formatTime(notice.at),
})

definePage({
  words: ['notices'],
  title: (t) => t.notices.title,
  autoRefresh: 'top',
  data: { items: [] as Row[], unread: 0 },
  instanceFields: { next: null as string | null },
  async load() {
    const page = await fetchNotices()
    this.next = page.next ?? null
    return { items: page.items.map(row), unread: page.unread, empty: !page.items.length }
  },
  async onReachEnd() {
    if (!this.next) return
    const page = await fetchNotices(this.next)
    this.next = page.next ?? null
    this.setData({ items: [...this.data.items, ...page.items.map(row)] })
  },
  methods: {
    open(event: { currentTarget: { dataset: { n: number } } }) {
      const notice = this.data.items[event.currentTarget.dataset.n]!
      if (!notice.read) void markRead([notice.id]).catch(() => undefined)
      if (notice.type.startsWith('shift.')) wx.navigateTo({ url: '/subjects/duty/index' })
      else if (notice.type.startsWith('points.')) wx.navigateTo({ url: '/subjects/points/index' })
      else if (notice.ticket_id) wx.navigateTo({ url: ticketRoute(notice.ticket_id) })
      else if (notice.subject_kind) {
        if (notice.subject_id && hasScreens(notice.subject_kind))
          wx.navigateTo({ url: subjectRoute(notice.subject_kind, notice.subject_id) })
      } else if (!notice.webhook_id) wx.switchTab({ url: '/pages/work/index' })
    },
    async readAll() {
      await markRead('all').catch(() => undefined)
      await this.reload()
    },
  },
})
