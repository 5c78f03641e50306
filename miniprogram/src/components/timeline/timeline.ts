// What happened to a ticket, newest first: what, who, when, the words and photos that came with it.
import { part } from '../../core/part'
import { spoken } from '../../core/time'
import { called, say } from '../../i18n/index'
import type { TicketEvent } from '../../services/shapes'

interface Line {
  seq: number
  what: string
  who: string
  at: string
  text: string
  photos: NonNullable<TicketEvent['photos']>
  tone: string
}

const SHOWN_ABOVE = new Set(['submitted', 'resolved']) // the page has these photos as before and after
const TONES: Readonly<Record<string, string>> = { overdue: 'late', reminded: 'soon', rejected: 'late', resolved: 'good', confirmed: 'good', settled: 'good' }

function line(event: TicketEvent): Line {
  const type = event.type.replace('ticket.', '')
  return {
    seq: event.seq,
    what: called('event', type, event.label),
    who: [event.actor?.label ?? say('event').timer, event.internal ? say('event').internal : ''].filter(Boolean).join(' · '),
    at: spoken(event.at),
    text: event.text ?? '',
    photos: SHOWN_ABOVE.has(type) ? [] : (event.photos ?? []),
    tone: TONES[type] ?? '',
  }
}

part({
  props: { events: [] as TicketEvent[] },
  data: { lines: [] as Line[] },
  on: 'events',
  draw() {
    this.setData({ lines: this.data.events.map(line).reverse() })
  },
})
