// The workbench of staff: tabs, next steps, quick actions. Which actions are possible is decided by the
// server.
import { fill, labelOf, wordsOf } from '../i18n/index'
import type { Person, Ticket } from '../services/shapes'
import type { Box } from '../services/tickets'
import { ownCall } from './departments'
import { formatDay } from './dates'
import { type NextStep, nextStepOf } from './nextStep'
import { roleName } from './roleName'
import { store } from './store'

export type TabKey =
  | 'today'
  | 'picked'
  | 'due'
  | 'overdue'
  | 'unassigned'
  | 'fresh'
  | 'accepted'
  | 'dispatched'
  | 'claimed'
  | 'take'
  | 'working'
  | 'waiting'
  | 'resolved'
  | 'all'

export interface Tab {
  key: TabKey
  words?: string // instead of the key's
  box: Box
  query: Record<string, string | boolean>
  /** Whether a ticket belongs to the tab. */
  matches: (ticket: Ticket) => boolean
  /** Whether `query` returns more tickets than `matches` accepts. */
  filteredOnPhone?: boolean
}

const statusTab = (key: TabKey, status: string, condition?: (ticket: Ticket) => boolean): Tab => ({
  key,
  box: 'inbox',
  query: { status },
  matches: (t) => t.status === status && (condition?.(t) ?? true),
  ...(condition ? { filteredOnPhone: true } : {}),
})

const DUE: Tab = { key: 'due', box: 'inbox', query: {}, matches: (t) => OPEN.has(t.status) }
const OVERDUE: Tab = { key: 'overdue', box: 'inbox', query: { overdue: true }, matches: (t) => t.sla.overdue }
const UNASSIGNED: Tab = {
  key: 'unassigned',
  box: 'unassigned',
  query: {},
  matches: (t) => UNRESOLVED.has(t.status) && !t.holder,
}
const ALL: Tab = { key: 'all', box: 'all', query: {}, matches: () => true }
const LATE: Tab = { ...OVERDUE, box: 'all' }
const UNRESOLVED = new Set(['new', 'accepted', 'dispatched', 'waiting'])
const OPEN = new Set([...UNRESOLVED, 'resolved'])

export const isDanger = (ticket: Ticket): boolean =>
  ticket.category.level === 'E0' && UNRESOLVED.has(ticket.status)

/** What today's picture counts, in the order in which it is to be done. */
export type TodayKind = 'unassigned' | 'danger' | 'overdue'
const TODAY_LISTS: Readonly<Record<TodayKind, Omit<Tab, 'key'>>> = {
  unassigned: UNASSIGNED,
  danger: { box: 'area', query: { danger: true }, matches: isDanger },
  overdue: {
    box: 'area',
    query: { overdue: true },
    matches: (t) => UNRESOLVED.has(t.status) && t.sla.overdue,
  },
}
export const TODAY_KINDS = Object.keys(TODAY_LISTS) as TodayKind[]

/** The list that a number of today's picture counts, of one unit or of all. */
export const pickedTab = (kind: TodayKind, unit?: { id: string; label: string }): Tab => {
  const { box, query, matches } = TODAY_LISTS[kind]
  const words = [unit?.label, wordsOf('workbench')[kind]].filter(Boolean).join(' · ')
  return { key: 'picked', words, box, query: { ...query, ...(unit ? { unit_id: unit.id } : {}) }, matches }
}
// The office's first tab: today's picture, and the cards of what is unassigned or a danger.
const TODAY: Tab = { key: 'today', box: 'unassigned', query: {}, matches: (t) => isDanger(t) || !t.holder }

const HOLDER = [
  DUE,
  OVERDUE,
  statusTab('fresh', 'new'),
  statusTab('accepted', 'accepted'),
  statusTab('dispatched', 'dispatched', (t) => !t.claim),
  statusTab('claimed', 'dispatched', (t) => Boolean(t.claim)),
  statusTab('waiting', 'waiting'),
  statusTab('resolved', 'resolved'),
  ALL,
]
// Communities and streets see what is overdue in their whole area, not only what was escalated to them.
const DISPATCHER = [
  TODAY,
  DUE,
  UNASSIGNED,
  { ...TODAY_LISTS.overdue, key: 'overdue' as const },
  ...HOLDER.slice(2),
]
// The server cannot filter by the state of a company's or department's own part.
const filteredTab = (key: TabKey, condition: (ticket: Ticket) => boolean): Tab => ({
  key,
  box: 'inbox',
  query: {},
  matches: condition,
  filteredOnPhone: true,
})
const PARTNER = [
  DUE,
  filteredTab('take', (t) => expectedFromUs(t) === 'take'),
  filteredTab('working', (t) => expectedFromUs(t) === 'work'),
  statusTab('waiting', 'waiting'),
  statusTab('resolved', 'resolved'),
  ALL,
]
const READER = [ALL, LATE]

/** The tabs of somebody's workbench, by their posts. */
export function tabsOf(me: Person | null): Tab[] {
  const roles = new Set(me?.posts.map((post) => post.role))
  if (roles.has('community') || roles.has('street')) return DISPATCHER
  if (['member', 'head', 'deputy', 'duty'].some((role) => roles.has(role as 'head'))) return HOLDER
  return roles.has('agent') ? PARTNER : READER
}

/** Whether the reader's own unit holds the ticket; readers may see others, too. */
const isHeld = (ticket: Ticket): boolean => ticket.held

export const isAssignedToUs = (ticket: Ticket, me: Person | null): boolean =>
  Boolean(ticket.organisation && me?.organisation?.id === ticket.organisation.id)

/** What the reader's organisation has to do next: take the ticket, or do the work. */
function expectedFromUs(ticket: Ticket): 'take' | 'work' | undefined {
  const { me } = store.get()
  const call = ownCall(ticket, me)
  if (call) return call.acknowledged_at ? 'work' : 'take'
  if (ticket.status !== 'dispatched' || !isAssignedToUs(ticket, me)) return undefined
  return ticket.organisation?.acknowledged_at ? 'work' : 'take'
}

export function workbenchStep(ticket: Ticket): NextStep {
  const { me } = store.get()
  const step = nextStepOf(ticket)
  const [turn, yours] = ownTurn(ticket, me) ?? [step.turn, step.yours]
  return { ...step, ...ownLimit(ticket, me), turn, yours }
}

function ownTurn(ticket: Ticket, me: Person | null): [string, boolean] | undefined {
  const words = wordsOf('workbench')
  const [held, ours] = [isHeld(ticket), isAssignedToUs(ticket, me)]
  const call = ownCall(ticket, me)
  if (call) return [call.acknowledged_at ? words.yoursReport : words.yoursPart, true]
  switch (ticket.status) {
    case 'new':
      if (held) return [words.yoursNew, true]
      return !ticket.holder && ticket.actions.includes('reassign') ? [words.yoursAssign, true] : undefined
    case 'accepted':
      return held ? [words.yoursWork, true] : undefined
    case 'dispatched':
      if (ticket.claim) return held ? [words.yoursVerify, true] : [words.partnerClaimed, false]
      if (ours)
        return ticket.organisation?.acknowledged_at ? [words.yoursWork, true] : [words.yoursTake, true]
  }
  return undefined
}

// A company's first limit is to take the ticket. It starts with the dispatch, the ticket's last change.
function ownLimit(ticket: Ticket, me: Person | null): Partial<NextStep> {
  const call = ownCall(ticket, me)
  if (call?.due && !call.acknowledged_at)
    return { what: 'arrive', due: call.due, start: call.called_at ?? ticket.updated_at }
  const due = ticket.sla.acknowledge_due
  if (
    ticket.status !== 'dispatched' ||
    !due ||
    ticket.organisation?.acknowledged_at ||
    !isAssignedToUs(ticket, me)
  )
    return {}
  return { what: 'acknowledge', due, start: ticket.updated_at }
}

const QUICK = ['accept', 'take', 'report', 'dispatch', 'resolve']
const BESIDE = 2

export interface Button {
  action: string
  words: string
  tone: string
}

/**
 * The name of an action at the workbench, where some have two: staff who `reopen` order a `redo`, and so on.
 */
export function workbenchAction(ticket: Ticket, action: string): string {
  if (action === 'reopen' && isStaff()) return 'redo'
  if (action === 'take' && ownCall(ticket, store.get().me)) return 'arrive'
  return action === 'resolve' && ticket.claim && !isAssignedToUs(ticket, store.get().me) ? 'verify' : action
}

const isStaff = (): boolean => Boolean(store.get().me?.posts.length)

export const button = (action: string, tone: string): Button => ({
  action,
  words: labelOf('action', action),
  tone,
})

/** The next actions, to be done from the list without opening the ticket. */
export function quickActions(ticket: Ticket): Button[] {
  const { me } = store.get()
  if (!ticket.holder && ticket.actions.includes('reassign')) return [button('reassign', 'main')]
  if (ticket.status === 'waiting') return []
  if (!isHeld(ticket) && !isAssignedToUs(ticket, me) && !ownCall(ticket, me)) return []
  const possible = QUICK.filter((action) => ticket.actions.includes(action)).filter(
    (action) =>
      action !== 'resolve' || ticket.status !== 'dispatched' || ticket.claim || isAssignedToUs(ticket, me),
  )
  return possible
    .slice(0, BESIDE)
    .map((action, n) => button(workbenchAction(ticket, action), n ? '' : 'main'))
}

export interface Mark {
  words: string
  tone: 'late' | 'soon' | 'info' | 'calm'
}

/** Who gave up a ticket that nobody holds, and why; '' if nobody has. */
export function sentBackText(ticket: Ticket): string {
  const { by, reason } = ticket.sent_back ?? {}
  if (ticket.holder || !(by || reason)) return ''
  const words = wordsOf('workbench')
  return [by && fill(words.sentBack, { by }), reason].filter(Boolean).join(words.colon)
}

/** For whom the reader's unit does a ticket: 代网格长办理（请假到12月7日）, to that head: 您请假到…; '' for nobody. */
function actingFor(ticket: Ticket): string {
  const found = ticket.held && ticket.holder?.acting_for
  if (!found) return ''
  const words = wordsOf('workbench')
  const until = found.until ? fill(words.awayUntil, { day: formatDay(found.until) }) : words.away
  const own = store
    .get()
    .me?.posts.some(({ role, label }) => role === found.role && label.startsWith(found.unit))
  if (own) return fill(words.youAway, { why: until, role: ticket.holder?.role_name ?? '' })
  return fill(found.unit === ticket.holder?.label ? words.forHead : words.forGrid, {
    role: roleName(found.role, found.role_name),
    unit: found.unit,
    why: found.away ? until : words.vacant,
  })
}

/** Labels on a card for what else matters: dissent, reminders, claims, followers, photos. */
export function marksOf(ticket: Ticket): Mark[] {
  const words = wordsOf('workbench')
  const all: [string | false | undefined, Mark['tone']][] = [
    [isDanger(ticket) && words.danger, 'late'],
    [actingFor(ticket), 'soon'],
    [Boolean(ticket.dissent) && fill(words.dissent, { n: ticket.dissent! }), 'late'],
    [Boolean(ticket.sla.urged) && fill(words.urged, { n: ticket.sla.urged }), 'late'],
    [Boolean(ticket.claim) && words.verify, 'soon'],
    [ticket.level > 1 && (ticket.level === 2 ? words.level2 : words.level3), 'soon'],
    [Boolean(ticket.followers) && fill(words.followers, { n: ticket.followers }), 'info'],
    [Boolean(ticket.photos.length) && fill(words.photos, { n: ticket.photos.length }), 'calm'],
  ]
  return all.filter(([text]) => text).map(([text, tone]) => ({ words: text as string, tone }))
}
