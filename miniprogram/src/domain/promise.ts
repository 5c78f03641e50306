// What a resident is promised, by the limits of their ticket: accepted in 30 minutes, fixed by tomorrow 05:25.
import { fill, wordsOf } from '../i18n/index'
import type { Ticket } from '../services/shapes'
import { formatTime, toMillis } from './time'

export interface Promised {
  words: string
  late: boolean // the promise was not kept
}

const MINUTE = 60_000
const SOON = 120 * MINUTE // a limit this near is said in minutes

type Case = 'new' | 'lateNew' | 'open' | 'late' | 'waiting' | 'resolved'

/** Return what stands of the promise now; null when the ticket has ended. */
export function promiseOf(ticket: Ticket, now = Date.now()): Promised | null {
  const { sla } = ticket
  const which = caseOf(ticket, now)
  if (!which || !sla.accept_due || !sla.resolve_due) return null
  const words = wordsOf('promise')
  return {
    words: fill(words[which], {
      within: within(sla.accept_due, now),
      accept: formatTime(sla.accept_due, now),
      resolve: formatTime(sla.resolve_due, now),
      until: sla.paused_until ? formatTime(sla.paused_until, now) : '',
      at: sla.resolved_at ? formatTime(sla.resolved_at, now) : '',
    }),
    late: which === 'late' || which === 'lateNew',
  }
}

function caseOf({ status, sla }: Ticket, now: number): Case | null {
  const missed = (due: string | null): boolean => Boolean(due && now > toMillis(due))
  if (status === 'resolved' || status === 'waiting') return status
  if (status !== 'new' && status !== 'accepted' && status !== 'dispatched') return null
  if (missed(sla.resolve_due)) return 'late'
  if (status !== 'new') return 'open'
  return missed(sla.accept_due) ? 'lateNew' : 'new'
}

function within(due: string, now: number): string {
  const left = toMillis(due) - now
  if (left > SOON) return fill(wordsOf('promise').by, { at: formatTime(due, now) })
  return fill(wordsOf('promise').within, { n: Math.ceil(left / MINUTE) })
}
