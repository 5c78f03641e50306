// An event of a ticket as lines of text: what happened, why and until when, who did it, their words.
import { fill, labelOf, wordsOf } from '../i18n/index'
import type { Ticket, TicketEvent } from '../services/shapes'
import { formatTime } from './time'

export interface EventLine {
  seq: number
  type: string // without its prefix
  what: string
  more: string
  who: string
  at: string
  text: string
}

export function eventLine(event: TicketEvent): EventLine {
  const type = typeOf(event)
  return {
    seq: event.seq,
    type,
    what: fill(labelOf('event', type, event.label), { what: labelOf('event', String(event.data['undoes'])) }),
    more: type === 'undone' ? '' : [names(event.label), detail(event.data)].filter(Boolean).join(' · '),
    who: event.actor?.label ?? wordsOf('event').timer,
    at: formatTime(event.at),
    text: event.text ?? '',
  }
}

/** A reassignment without a unit puts the ticket into its community's queue. */
function typeOf(event: TicketEvent): string {
  const type = event.type.replace('ticket.', '')
  return type === 'reassigned' && !event.data['unit'] ? 'unassigned' : type
}

// The names of organisations, from the server's label: 已吹哨：城管、消防, 已退回，建议派给城管.
function names(label: string): string {
  const [, departments, , proposed] = /^[^：，]+(?:：(.+)|(，建议派给)(.+))$/.exec(label) ?? []
  return departments ?? (proposed ? fill(wordsOf('event').proposed, { name: proposed }) : '')
}

// The codes in an event's data as text. Ids are left out.
function detail(data: TicketEvent['data']): string {
  const words = wordsOf('choice') as Record<string, string>
  const codes = [data['reason'], data['outcome'], data['verdict'], data['channel']].map(
    (code) => words[String(code)],
  )
  const until =
    typeof data['until'] === 'string' ? fill(wordsOf('event').until, { at: formatTime(data['until']) }) : ''
  return [...codes, until].filter(Boolean).join(' · ')
}

// What the ticket's status says already, unless somebody gave a reason; its result is shown by itself.
const SAID_BY_STATUS = new Set([
  'accepted',
  'dispatched',
  'taken',
  'resumed',
  'confirmed',
  'settled',
  'withdrawn',
  'merged',
])
const SHOWN_BELOW = new Set(['resolved', 'claimed'])

/** What happened last, where it says more than the ticket's status. */
export function latestLine({ latest }: Pick<Ticket, 'latest'>): EventLine | null {
  const line = latest && eventLine(latest)
  if (!line || SHOWN_BELOW.has(line.type)) return null
  return line.text || line.more || !SAID_BY_STATUS.has(line.type) ? line : null
}

const NAMED_BY_STATUS = new Set([...SAID_BY_STATUS, 'rejected', 'waiting'])

/** The same for a card, where its status, whose turn it is and until when it waits stand already. */
export function briefLine({ latest, status }: Pick<Ticket, 'latest' | 'status'>): EventLine | null {
  const { reason, until, ...data } = latest?.data ?? {}
  const asked = latest?.type === 'ticket.asked'
  const told = {
    ...data,
    reason: asked ? undefined : reason,
    until: status === 'waiting' ? undefined : until,
  }
  const line = latestLine({ latest: latest && { ...latest, data: told } })
  return line && NAMED_BY_STATUS.has(line.type) ? { ...line, what: '' } : line
}
