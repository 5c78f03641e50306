// What happened to a ticket, newest first: what, who, when, the words and photos that came with it.
import { part } from '../../core/part'
import { spoken } from '../../core/time'
import { called, fill, say } from '../../i18n/index'
import type { TicketEvent } from '../../services/shapes'

interface Line {
  seq: number
  what: string
  who: string
  at: string
  inside: boolean
  more: string
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
    who: event.actor?.label ?? say('event').timer,
    inside: Boolean(event.internal),
    more: [names(event.label), detail(event.data)].filter(Boolean).join(' · '),
    at: spoken(event.at),
    text: event.text ?? '',
    photos: SHOWN_ABOVE.has(type) ? [] : (event.photos ?? []),
    tone: TONES[type] ?? '',
  }
}

// Whom it is about the server says behind its own word for the event: 已吹哨：城管、消防, 已退回，建议派给城管.
function names(label: string): string {
  const [, called, , proposed] = /^[^：，]+(?:：(.+)|(，建议派给)(.+))$/.exec(label) ?? []
  return called ?? (proposed ? fill(say('event').proposed, { name: proposed }) : '')
}

// Codes the event carries, in words; what is only an id says nothing to anybody.
function detail(data: TicketEvent['data']): string {
  const words = say('choice') as Record<string, string>
  const codes = [data['reason'], data['outcome'], data['verdict'], data['channel']].map((code) => words[String(code)])
  const until = typeof data['until'] === 'string' ? fill(say('event').until, { at: spoken(data['until']) }) : ''
  return [...codes, until].filter(Boolean).join(' · ')
}

part({
  words: ['event'],
  props: { events: [] as TicketEvent[] },
  data: { lines: [] as Line[] },
  on: 'events',
  draw() {
    this.setData({ lines: this.data.events.map(line).reverse() })
  },
})
