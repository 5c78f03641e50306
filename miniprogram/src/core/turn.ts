// In words only: whose turn it is, and which clock is worth showing. Nothing here decides what anybody may do.
import type { Ticket } from '../services/shapes'
import { fill, say } from '../i18n/index'
import { spoken } from './time'

export interface Shown {
  turn: string
  yours: boolean // it waits for whoever is looking
  what: 'accept' | 'acknowledge' | 'resolve' | 'arrive' | ''
  start: string
  due: string
  paused: string
}

const MINE = { answer: 'answer', confirm: 'confirm', appeal: 'appeal' } as const

/** The act that waits for whoever looks, by what the server allows them. */
export function yours(ticket: Ticket): keyof typeof MINE | undefined {
  return (Object.keys(MINE) as (keyof typeof MINE)[]).find((action) => ticket.actions.includes(action))
}

export function turnOf(ticket: Ticket): Shown {
  const mine = yours(ticket)
  const paused = ticket.status === 'waiting' && ticket.sla.paused_until
  return {
    turn: ticket.outcome === 'withdrawn' ? say('choice').withdrawn : fill(say('turn')[mine ? MINE[mine] : step(ticket)], { holder: ticket.holder?.label ?? '', organisation: ticket.organisation?.name ?? '' }),
    yours: Boolean(mine),
    start: ticket.created_at,
    paused: paused ? fill(say('clock').paused, { until: spoken(paused) }) : '',
    ...clock(ticket),
  }
}

type Step = 'new' | 'accepted' | 'dispatched' | 'taken' | 'waiting' | 'resolved' | 'closed' | 'rejected' | 'merged' | 'nobody'

function step(ticket: Ticket): Step {
  if (ticket.status === 'new' && !ticket.holder) return 'nobody'
  if (ticket.status === 'dispatched' && ticket.organisation?.acknowledged_at) return 'taken'
  return ticket.status
}

function clock(ticket: Ticket): Pick<Shown, 'what' | 'due'> {
  const { sla, status } = ticket
  if (status === 'new') return { what: 'accept', due: sla.accept_due ?? '' }
  if (status === 'accepted' || status === 'dispatched') return { what: 'resolve', due: sla.resolve_due ?? '' }
  return { what: '', due: '' }
}
