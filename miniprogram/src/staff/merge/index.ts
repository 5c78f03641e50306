// Choosing the ticket another is merged into: those of the same place and kind first, then one's own of the kind, or by search.
import { perform } from '../../core/acting'
import { newKey } from '../../core/key'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { fill, say } from '../../i18n/index'
import { nameOf } from '../../services/categories'
import type { Ticket } from '../../services/shapes'
import { list, one, similar } from '../../services/tickets'

const PAUSE = 350 // of typing, in milliseconds
const OPEN = new Set(['new', 'accepted', 'dispatched', 'waiting', 'resolved'])

screen({
  words: ['desk'],
  title: (t) => t.desk.mergeTitle,
  data: { ticket: null as Ticket | null, name: '', where: '', near: [] as Ticket[], mine: [] as Ticket[], found: [] as Ticket[], q: '', none: false, trouble: '', busy: false },
  own: { timer: 0 },
  left() {
    clearTimeout(this.timer)
  },
  methods: {
    type(event: { detail: { value: string } }) {
      clearTimeout(this.timer)
      this.setData({ q: event.detail.value })
      this.timer = setTimeout(() => void this.find(), PAUSE)
    },
    async find(): Promise<void> {
      const q = this.data.q.trim()
      if (!q) return this.setData({ found: [], none: false, trouble: '' })
      try {
        const { items } = await list('all', null, { q })
        const found = this.others(items)
        if (q === this.data.q.trim()) this.setData({ found, none: !found.length, trouble: '' })
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence })
      }
    },
    others(items: Ticket[]): Ticket[] {
      return items.filter((each) => each.id !== this.query['id'] && OPEN.has(each.status))
    },
    choose(event: { detail: { ticket: Ticket } }) {
      const into = event.detail.ticket
      const [words, common] = [say('desk'), say('common')]
      const content = fill(words.mergeAsk, { no: into.no, where: [nameOf(into.category), into.place?.label].filter(Boolean).join(' ') })
      wx.showModal({ title: say('action').merge, content, confirmText: common.ok, cancelText: common.cancel, success: ({ confirm }) => confirm && void this.merge(into) })
    },
    async merge(into: Ticket) {
      if (this.data.busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        await perform(this.data.ticket!, 'merge', { into: into.id }, newKey())
        wx.showToast({ title: say('ticket').done, icon: 'success' })
        wx.navigateBack()
      } catch (error) {
        const problem = problemOf(error)
        if (problem.status === 409) await this.reload() // one of the two has changed
        this.setData({ trouble: problem.fields[0]?.detail ?? problem.sentence })
        wx.pageScrollTo({ scrollTop: 0 })
      }
      this.setData({ busy: false })
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    const ticket = await one(this.query['id']!)
    const [same, inbox] = await Promise.all([ticket.place ? similar(ticket.place.id, ticket.category.code) : { items: [] }, list('inbox', null, { category: ticket.category.code })])
    const near = this.others(await Promise.all(same.items.filter((each) => each.id !== ticket.id).slice(0, 5).map((each) => one(each.id)))) // `similar` tells neighbours little
    const shown = new Set(near.map((each) => each.id))
    return { ticket, name: nameOf(ticket.category), where: ticket.place?.label ?? ticket.no, near, mine: this.others(inbox.items).filter((each) => !shown.has(each.id)) }
  },
})
