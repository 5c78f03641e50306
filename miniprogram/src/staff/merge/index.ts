// Choosing the ticket to merge into: same place and category first, then other tickets of the category, then
// a search.
import { announce } from '../../domain/actionResult'
import { fieldMessageOf, messageOf } from '../../domain/errorMessage'
import { performAction } from '../../domain/performAction'
import { fill, wordsOf } from '../../i18n/index'
import { newKey } from '../../platform/idempotencyKey'
import { problemOf } from '../../platform/problem'
import type { Ticket } from '../../services/shapes'
import { getTicket, listSimilar, listTickets } from '../../services/tickets'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'

const PAUSE = 350 // milliseconds without typing before a search
const OPEN = new Set(['new', 'accepted', 'dispatched', 'waiting', 'resolved'])

definePage({
  words: ['workbench'],
  title: (t) => t.workbench.mergeTitle,
  data: {
    ticket: null as Ticket | null,
    name: '',
    where: '',
    near: [] as Ticket[],
    mine: [] as Ticket[],
    found: [] as Ticket[],
    q: '',
    none: false,
    trouble: '',
    busy: false,
  },
  instanceFields: { timer: 0 },
  onClose() {
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
        const { items } = await listTickets('all', null, { q })
        const found = this.others(items)
        if (q === this.data.q.trim()) this.setData({ found, none: !found.length, trouble: '' })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
    },
    others(items: Ticket[]): Ticket[] {
      return items.filter((each) => each.id !== this.query['id'] && OPEN.has(each.status))
    },
    async choose(event: { detail: { ticket: Ticket } }) {
      const into = event.detail.ticket
      const content = [
        fill(wordsOf('workbench').mergeAsk, {
          no: into.no,
          where: [into.category.name, into.place?.label].filter(Boolean).join(' '),
        }),
        ...mergeWarnings(this.data.ticket!, into),
      ].join('\n')
      if (await ask(wordsOf('action').merge, content)) await this.merge(into)
    },
    async merge(into: Ticket) {
      if (this.data.busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        announce('merge', await performAction(this.data.ticket!, 'merge', { into: into.id }, newKey()))
        wx.navigateBack()
      } catch (error) {
        const problem = problemOf(error)
        if (problem.status === 409) await this.reload() // one of the two tickets has changed
        this.setData({ trouble: fieldMessageOf(problem) })
        wx.pageScrollTo({ scrollTop: 0 })
      }
      this.setData({ busy: false })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const ticket = await getTicket(this.query['id']!)
    const [same, inbox] = await Promise.all([
      ticket.place ? listSimilar(ticket.place.id, ticket.category.code) : { items: [] },
      listTickets('inbox', null, { category: ticket.category.code }),
    ])
    const near = this.others(
      await Promise.all(
        same.items
          .filter((each) => each.id !== ticket.id)
          .slice(0, 5)
          .map((each) => getTicket(each.id)),
      ),
    ) // similar tickets have few fields
    const listed = new Set(near.map((each) => each.id))
    return {
      ticket,
      name: ticket.category.name,
      where: ticket.place?.label ?? ticket.no,
      near,
      mine: this.others(inbox.items).filter((each) => !listed.has(each.id)),
    }
  },
})

/** In what the two tickets differ so much that they may be two problems: the building, the category. */
function mergeWarnings(ticket: Ticket, into: Ticket): string[] {
  const words = wordsOf('workbench')
  // The units (4单元) of a building are one building.
  const building = ({ place }: Ticket): string =>
    place?.path.filter((name) => !name.endsWith('单元')).join('/') ?? ''
  return [
    ...(building(ticket) === building(into) ? [] : [words.mergeOtherPlace]),
    ...(ticket.category.code === into.category.code ? [] : [words.mergeOtherCategory]),
  ]
}
