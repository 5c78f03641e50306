// What happened last to a ticket: who did it, why, until when, and their words. `brief`: two lines, for a card.
import { briefLine, type EventLine, latestLine } from '../../domain/eventLine'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['event'],
  props: { ticket: null as Ticket | null, brief: false },
  data: { line: null as EventLine | null },
  observe: 'ticket, brief',
  update() {
    const { ticket, brief } = this.data
    this.setData({ line: ticket && (brief ? briefLine(ticket) : latestLine(ticket)) })
  },
})
