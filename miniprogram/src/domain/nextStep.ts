// The next step of a ticket in words: whose turn it is, and which limit applies. It decides nothing about
// permissions.
import { fill, wordsOf } from '../i18n/index'
import type { Ticket } from '../services/shapes'
import { formatTime } from './time'

export interface NextStep {
  turn: string
  yours: boolean // it waits for the reader
  what: 'accept' | 'acknowledge' | 'resolve' | 'arrive' | '' // the limit
  start: string
  due: string
  paused: string
}

const OWN_ACTIONS = ['answer', 'confirm', 'appeal'] as const

/** The action that waits for the reader, as the server says. */
export function pendingAction(ticket: Ticket): (typeof OWN_ACTIONS)[number] | undefined {
  return OWN_ACTIONS.find((action) => action === ticket.next_action)
}

/** The tickets that wait for the reader: a question first, it has a limit; an appeal last, nothing waits for it. */
export function waitingForReader(tickets: Ticket[]): Ticket[] {
  return OWN_ACTIONS.flatMap((action) => tickets.filter((ticket) => pendingAction(ticket) === action))
}

export function nextStepOf(ticket: Ticket): NextStep {
  const pending = pendingAction(ticket)
  const pausedUntil = ticket.status === 'waiting' && ticket.sla.paused_until
  const names = { holder: ticket.holder?.label ?? '', organisation: ticket.organisation?.name ?? '' }
  return {
    turn:
      ticket.outcome === 'withdrawn'
        ? wordsOf('choice').withdrawn
        : fill(wordsOf('turn')[pending ?? stepOf(ticket)], names),
    yours: Boolean(pending),
    start: ticket.created_at,
    paused: pausedUntil ? fill(wordsOf('clock').paused, { until: formatTime(pausedUntil) }) : '',
    ...limitOf(ticket),
  }
}

type Step =
  | 'new'
  | 'accepted'
  | 'dispatched'
  | 'taken'
  | 'waiting'
  | 'resolved'
  | 'closed'
  | 'rejected'
  | 'merged'
  | 'nobody'

function stepOf(ticket: Ticket): Step {
  if (ticket.status === 'new' && !ticket.holder) return 'nobody'
  if (ticket.status === 'dispatched' && ticket.organisation?.acknowledged_at) return 'taken'
  return ticket.status
}

function limitOf(ticket: Ticket): Pick<NextStep, 'what' | 'due'> {
  const { sla, status } = ticket
  if (status === 'new') return { what: 'accept', due: sla.accept_due ?? '' }
  if (status === 'accepted' || status === 'dispatched') return { what: 'resolve', due: sla.resolve_due ?? '' }
  return { what: '', due: '' }
}
