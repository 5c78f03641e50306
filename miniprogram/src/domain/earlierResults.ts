// Results of a ticket before it was reopened, from its events.
import { labelOf } from '../i18n/index'
import type { PhotoRef, TicketEvent } from '../services/shapes'
import { formatTime } from './time'

export interface EarlierResult {
  seq: number
  outcome: string
  text: string
  photos: PhotoRef[]
  by: string // who, and when
}

/** Return the results that did not last, the newest first. */
export function earlierResults(events: readonly TicketEvent[]): EarlierResult[] {
  const found: EarlierResult[] = []
  let resolved: TicketEvent | undefined
  for (const event of events) {
    if (event.type === 'ticket.resolved') resolved = event
    if (event.type !== 'ticket.reopened' || !resolved) continue
    found.unshift(resultOf(resolved))
    resolved = undefined
  }
  return found
}

const resultOf = (event: TicketEvent): EarlierResult => ({
  seq: event.seq,
  outcome: labelOf('choice', String(event.data['outcome'])),
  text: event.text ?? '',
  photos: event.photos ?? [],
  by: [event.actor?.label, formatTime(event.at)].filter(Boolean).join(' · '),
})
