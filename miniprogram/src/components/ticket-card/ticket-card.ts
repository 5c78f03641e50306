// A ticket in a list for residents: category, place, time left, next step. `quick` is an action as a button.
import { type NextStep, nextStepOf } from '../../domain/nextStep'
import { formatTime } from '../../domain/time'
import { labelOf } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'
import { ticketRoute } from '../../ui/ticketRoute'

defineComponent({
  words: ['ticket', 'report', 'clock'],
  props: { ticket: null as Ticket | null, quick: '' },
  data: { name: '', where: '', at: '', step: null as NextStep | null, quickName: '' },
  observe: 'ticket, quick',
  update() {
    const { ticket, quick } = this.data
    if (!ticket) return
    const place = [ticket.place?.label, ticket.place_note].filter(Boolean).join(' ')
    const can = Boolean(quick) && ticket.actions.includes(quick)
    this.setData({
      name: ticket.category.name,
      where: place || ticket.description || ticket.no,
      at: formatTime(ticket.created_at),
      step: nextStepOf(ticket),
      quickName: can ? labelOf('action', quick) : '',
    })
  },
  methods: {
    open() {
      wx.navigateTo({ url: ticketRoute(this.data.ticket!.id) })
    },
    act() {
      this.triggerEvent('act', { ticket: this.data.ticket, action: this.data.quick })
    },
  },
})
