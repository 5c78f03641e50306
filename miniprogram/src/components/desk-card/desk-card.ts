// A ticket on the desk: what, where, how long is left, whose turn it is; what comes next is one tap away.
import { deskTurn, marksOf, quickActs, type Button, type Mark } from '../../core/desk'
import { part } from '../../core/part'
import { spoken } from '../../core/time'
import type { Shown } from '../../core/turn'
import { nameOf } from '../../services/categories'
import type { Ticket } from '../../services/shapes'

part({
  props: { ticket: null as Ticket | null, quick: false, busy: false },
  data: { name: '', where: '', at: '', shown: null as Shown | null, marks: [] as Mark[], acts: [] as Button[], urgent: false },
  on: 'ticket, quick',
  draw() {
    const { ticket, quick } = this.data
    if (!ticket) return
    const where = [ticket.place?.label, ticket.place_note].filter(Boolean).join(' ')
    this.setData({ name: nameOf(ticket.category), where: where || ticket.no, at: spoken(ticket.created_at), shown: deskTurn(ticket), marks: marksOf(ticket), acts: quick ? quickActs(ticket) : [], urgent: ticket.category.level === 'E0' })
  },
  methods: {
    open() {
      this.triggerEvent('open', { ticket: this.data.ticket })
    },
    act(event: { currentTarget: { dataset: { action: string } } }) {
      if (!this.data.busy) this.triggerEvent('act', { ticket: this.data.ticket, action: event.currentTarget.dataset.action })
    },
  },
})
