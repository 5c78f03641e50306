// A ticket's facts, limits and last event as lines of text.
import { eventLine } from '../../domain/eventLine'
import { formatTime } from '../../domain/time'
import { fill, labelOf, wordsOf } from '../../i18n/index'
import type { Ticket, TicketEvent } from '../../services/shapes'

export interface Fact {
  label: string
  words: string
  late?: boolean
}

type Line = [label: string, words: string | null | undefined | false, late?: boolean]
const presentFacts = (lines: Line[]): Fact[] =>
  lines
    .filter(([, words]) => words)
    .map(([label, words, late]) => ({ label, words: words as string, late: Boolean(late) }))

/** `submitted` is the ticket's first event, once it is loaded. */
export function facts(ticket: Ticket, submitted?: TicketEvent): Fact[] {
  const [words, desk] = [wordsOf('ticket'), wordsOf('workbench')]
  return presentFacts([
    [
      words.place,
      [ticket.place?.path.join(' ') ?? ticket.place?.label, ticket.place_note].filter(Boolean).join(' '),
    ],
    [words.holder, ticket.holder && [ticket.holder.label, ticket.holder.name].filter(Boolean).join(' ')],
    [desk.level, desk[`level${ticket.level}n` as 'level1n']],
    [words.organisation, ticket.organisation?.name],
    [desk.origin, originText(ticket, submitted)],
    [words.at, formatTime(ticket.created_at)],
    [words.no, ticket.no],
  ])
}

// What staff saw themselves is a patrol; else somebody told them.
function originText({ origin }: Ticket, submitted?: TicketEvent): string {
  const desk = wordsOf('workbench')
  const channel = submitted?.data['channel']
  if (origin !== 'staff' || typeof channel !== 'string') return desk[origin as 'staff']
  const way = labelOf('choice', channel)
  return channel === 'patrol' ? way : fill(desk.staffFor, { way })
}

export function limitFacts(ticket: Ticket, now = Date.now()): Fact[] {
  const desk = wordsOf('workbench')
  const { sla, organisation } = ticket
  const limit = (label: string, due: string | null, done: string | null | undefined): Line => {
    if (done) return [label, fill(desk.doneAt, { at: formatTime(done) }), Boolean(due && done > due)]
    return [label, due && fill(desk.dueAt, { at: formatTime(due) }), Boolean(due && Date.parse(due) < now)]
  }
  const ended = ['closed', 'rejected', 'merged'].includes(ticket.status)
  return presentFacts([
    !ended || sla.accepted_at ? limit(desk.accept, sla.accept_due, sla.accepted_at) : ['', ''],
    !ended && organisation
      ? limit(desk.acknowledge, sla.acknowledge_due, organisation.acknowledged_at)
      : ['', ''],
    !ended || sla.resolved_at ? limit(desk.resolve, sla.resolve_due, sla.resolved_at) : ['', ''],
    [desk.until, ticket.status === 'waiting' && sla.paused_until && formatTime(sla.paused_until)],
  ])
}

export function lastEventText(event: TicketEvent | undefined): string {
  if (!event) return ''
  const { who, what, at } = eventLine(event)
  return fill(wordsOf('workbench').by, { who, what, at })
}
