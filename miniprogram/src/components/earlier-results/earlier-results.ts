// What was done before a ticket was reopened: it stays visible, with its photos.
import { type EarlierResult, earlierResults } from '../../domain/earlierResults'
import type { TicketEvent } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['ticket'],
  props: { events: [] as TicketEvent[] },
  data: { results: [] as EarlierResult[] },
  observe: 'events',
  update() {
    this.setData({ results: earlierResults(this.data.events) })
  },
})
