// A ticket in a list for staff: category, place, time left, next step, and buttons for the next actions.
import type { NextStep } from '../../domain/nextStep'
import { formatTime } from '../../domain/time'
import {
  type Button,
  isDanger,
  type Mark,
  marksOf,
  quickActions,
  sentBackText,
  workbenchStep,
} from '../../domain/workbench'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

defineComponent({
  props: { ticket: null as Ticket | null, quick: false, busy: false },
  data: {
    name: '',
    where: '',
    at: '',
    step: null as NextStep | null,
    marks: [] as Mark[],
    sentBack: '',
    acts: [] as Button[],
    urgent: false,
  },
  observe: 'ticket, quick',
  update() {
    const { ticket, quick } = this.data
    if (!ticket) return
    const where = [ticket.place?.label, ticket.place_note].filter(Boolean).join(' ')
    this.setData({
      name: ticket.category.name,
      where: where || ticket.no,
      at: formatTime(ticket.created_at),
      step: workbenchStep(ticket),
      marks: marksOf(ticket),
      sentBack: sentBackText(ticket),
      acts: quick ? quickActions(ticket) : [],
      urgent: isDanger(ticket),
    })
  },
  methods: {
    open() {
      this.triggerEvent('open', { ticket: this.data.ticket })
    },
    act(event: { currentTarget: { dataset: { action: string } } }) {
      if (!this.data.busy)
        this.triggerEvent('act', { ticket: this.data.ticket, action: event.currentTarget.dataset.action })
    },
  },
})
