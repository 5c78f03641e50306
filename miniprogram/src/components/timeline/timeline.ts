// The events of a ticket, newest first: what happened, who did it, when, with text and photos.
import { type EventLine, eventLine } from '../../domain/eventLine'
import type { TicketEvent } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

interface Line extends EventLine {
  inside: boolean
  photos: NonNullable<TicketEvent['photos']>
  tone: string
}

const PHOTOS_SHOWN_ABOVE = new Set(['submitted', 'resolved']) // the page shows these photos elsewhere
const TONES: Readonly<Record<string, string>> = {
  overdue: 'late',
  reminded: 'soon',
  rejected: 'late',
  resolved: 'good',
  confirmed: 'good',
  settled: 'good',
}

function line(event: TicketEvent): Line {
  const common = eventLine(event)
  return {
    ...common,
    inside: Boolean(event.internal),
    photos: PHOTOS_SHOWN_ABOVE.has(common.type) ? [] : (event.photos ?? []),
    tone: TONES[common.type] ?? '',
  }
}

defineComponent({
  words: ['event'],
  props: { events: [] as TicketEvent[] },
  data: { lines: [] as Line[] },
  observe: 'events',
  update() {
    this.setData({ lines: this.data.events.map(line).reverse() })
  },
})
