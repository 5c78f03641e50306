// A ticket in lines of words for the desk: facts, limits, and what happened last.
import { spoken } from '../../core/time'
import { called, fill, say } from '../../i18n/index'
import type { Ticket, TicketEvent } from '../../services/shapes'

export interface Fact {
  label: string
  words: string
  late?: boolean
}

type Line = [label: string, words: string | null | undefined | false, late?: boolean]
const told = (lines: Line[]): Fact[] => lines.filter(([, words]) => words).map(([label, words, late]) => ({ label, words: words as string, late: Boolean(late) }))

export function facts(ticket: Ticket): Fact[] {
  const [words, desk] = [say('ticket'), say('desk')]
  return told([
    [words.place, [ticket.place?.path.join(' ') ?? ticket.place?.label, ticket.place_note].filter(Boolean).join(' ')],
    [words.holder, ticket.holder && [ticket.holder.label, ticket.holder.name].filter(Boolean).join(' ')],
    [desk.level, desk[`level${ticket.level}n` as 'level1n']],
    [words.organisation, ticket.organisation?.name],
    [desk.origin, desk[ticket.origin as 'staff']],
    [words.at, spoken(ticket.created_at)],
    [words.no, ticket.no],
  ])
}

export function limits(ticket: Ticket, now = Date.now()): Fact[] {
  const desk = say('desk')
  const { sla, organisation } = ticket
  const limit = (label: string, due: string | null, done: string | null | undefined): Line => {
    if (done) return [label, fill(desk.doneAt, { at: spoken(done) }), Boolean(due && done > due)]
    return [label, due && fill(desk.dueAt, { at: spoken(due) }), Boolean(due && Date.parse(due) < now)]
  }
  const ended = ['closed', 'rejected', 'merged'].includes(ticket.status)
  return told([
    !ended || sla.accepted_at ? limit(desk.accept, sla.accept_due, sla.accepted_at) : ['', ''],
    !ended && organisation ? limit(desk.acknowledge, sla.acknowledge_due, organisation.acknowledged_at) : ['', ''],
    !ended || sla.resolved_at ? limit(desk.resolve, sla.resolve_due, sla.resolved_at) : ['', ''],
    [desk.until, ticket.status === 'waiting' && sla.paused_until && spoken(sla.paused_until)],
  ])
}

export function happened(event: TicketEvent | undefined): string {
  if (!event) return ''
  const who = event.actor?.label ?? say('event').timer
  return fill(say('desk').by, { who, what: called('event', event.type.replace('ticket.', ''), event.label), at: spoken(event.at) })
}
