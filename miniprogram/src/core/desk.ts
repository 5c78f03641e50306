// The desk of whoever holds a post: its tabs, whose turn it is from where they sit, which limit is next. Words only; what may be done, the server says.
import { called, fill, say } from '../i18n/index'
import type { Person, Ticket } from '../services/shapes'
import type { Box } from '../services/tickets'
import { ownCall } from './called'
import { store } from './store'
import { turnOf, type Shown } from './turn'

export type TabKey = 'due' | 'overdue' | 'unassigned' | 'fresh' | 'accepted' | 'dispatched' | 'claimed' | 'take' | 'working' | 'waiting' | 'resolved' | 'all'

export interface Tab {
  key: TabKey
  box: Box
  query: Record<string, string | boolean>
  /** Whether a ticket belongs here; the server knows fewer kinds than the desk. */
  keep: (ticket: Ticket) => boolean
  /** The server's filter says less than `keep`. */
  sifted?: boolean
}

const of = (key: TabKey, status: string, keep?: (ticket: Ticket) => boolean): Tab => ({ key, box: 'inbox', query: { status }, keep: (t) => t.status === status && (keep?.(t) ?? true), ...(keep ? { sifted: true } : {}) })

const DUE: Tab = { key: 'due', box: 'inbox', query: {}, keep: (t) => OPEN.has(t.status) }
const OVERDUE: Tab = { key: 'overdue', box: 'inbox', query: { overdue: true }, keep: (t) => t.sla.overdue }
const UNASSIGNED: Tab = { key: 'unassigned', box: 'unassigned', query: {}, keep: (t) => OPEN.has(t.status) && !t.holder }
const ALL: Tab = { key: 'all', box: 'all', query: {}, keep: () => true }
const LATE: Tab = { ...OVERDUE, box: 'all' }
const OPEN = new Set(['new', 'accepted', 'dispatched', 'waiting', 'resolved'])

const HOLDER = [DUE, OVERDUE, of('fresh', 'new'), of('accepted', 'accepted'), of('dispatched', 'dispatched', (t) => !t.claim), of('claimed', 'dispatched', (t) => Boolean(t.claim)), of('waiting', 'waiting'), of('resolved', 'resolved'), ALL]
// Whoever is above looks at what is late in their whole area, not only at what has come up to them.
const DISPATCHER = [DUE, UNASSIGNED, LATE, ...HOLDER.slice(2)]
// A company's tickets are dispatched to it, a department's own part may be called up at any time: the server's states do not tell.
const sifted = (key: TabKey, keep: (ticket: Ticket) => boolean): Tab => ({ key, box: 'inbox', query: {}, keep, sifted: true })
const PARTNER = [DUE, sifted('take', (t) => awaited(t) === 'take'), sifted('working', (t) => awaited(t) === 'work'), of('waiting', 'waiting'), of('resolved', 'resolved'), ALL]
const READER = [ALL, LATE]

/** The tabs of a desk, by the posts of who sits at it. */
export function tabsOf(me: Person | null): Tab[] {
  const roles = new Set(me?.posts.map((post) => post.role))
  if (roles.has('community') || roles.has('street')) return DISPATCHER
  if (['member', 'head', 'deputy', 'duty'].some((role) => roles.has(role as 'head'))) return HOLDER
  return roles.has('agent') ? PARTNER : READER
}

/** Tickets of one's own unit, not those of others one may also see. */
const isHeld = (ticket: Ticket): boolean => ticket.held

export const isOurs = (ticket: Ticket, me: Person | null): boolean => Boolean(ticket.organisation && me?.organisation?.id === ticket.organisation.id)

/** What is awaited of the reader's organisation: that it takes its part, or that it does the work. */
function awaited(ticket: Ticket): 'take' | 'work' | undefined {
  const { me } = store.get()
  const call = ownCall(ticket, me)
  if (call) return call.acknowledged_at ? 'work' : 'take'
  if (ticket.status !== 'dispatched' || !isOurs(ticket, me)) return undefined
  return ticket.organisation?.acknowledged_at ? 'work' : 'take'
}

export function deskTurn(ticket: Ticket): Shown {
  const { me } = store.get()
  const told = turnOf(ticket)
  const [turn, yours] = own(ticket, me) ?? [told.turn, told.yours]
  return { ...told, ...next(ticket, me), turn, yours }
}

function own(ticket: Ticket, me: Person | null): [string, boolean] | undefined {
  const words = say('desk')
  const [held, ours] = [isHeld(ticket), isOurs(ticket, me)]
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
      if (ours) return ticket.organisation?.acknowledged_at ? [words.yoursWork, true] : [words.yoursTake, true]
  }
  return undefined
}

// A company's next limit is to take the ticket; its clock began with the dispatch, the ticket's last change.
function next(ticket: Ticket, me: Person | null): Partial<Shown> {
  const call = ownCall(ticket, me)
  if (call?.due && !call.acknowledged_at) return { what: 'arrive', due: call.due, start: call.called_at ?? ticket.updated_at }
  const due = ticket.sla.acknowledge_due
  if (ticket.status !== 'dispatched' || !due || ticket.organisation?.acknowledged_at || !isOurs(ticket, me)) return {}
  return { what: 'acknowledge', due, start: ticket.updated_at }
}

const QUICK = ['accept', 'take', 'report', 'dispatch', 'resolve']
const BESIDE = 2

export interface Button {
  action: string
  words: string
  tone: string
}

/** The same acts as at the desk they are called: whoever reopens is not the one who complained, a claim is verified, who is called up arrives. */
export function deskAct(ticket: Ticket, action: string): string {
  if (action === 'reopen' && isStaff()) return 'redo'
  if (action === 'take' && ownCall(ticket, store.get().me)) return 'arrive'
  return action === 'resolve' && ticket.claim && !isOurs(ticket, store.get().me) ? 'verify' : action
}

const isStaff = (): boolean => Boolean(store.get().me?.posts.length)

export const button = (action: string, tone: string): Button => ({ action, words: called('action', action), tone })

/** What one does from the list without opening the ticket: what comes next, of what the server allows. */
export function quickActs(ticket: Ticket): Button[] {
  const { me } = store.get()
  if (ticket.status === 'waiting') return []
  if (!isHeld(ticket) && !isOurs(ticket, me) && !ownCall(ticket, me)) return []
  const wanted = QUICK.filter((action) => ticket.actions.includes(action)).filter((action) => action !== 'resolve' || ticket.status !== 'dispatched' || ticket.claim || isOurs(ticket, me))
  return wanted.slice(0, BESIDE).map((action, n) => button(deskAct(ticket, action), n ? '' : 'main'))
}

export interface Mark {
  words: string
  tone: 'late' | 'soon' | 'info' | 'calm'
}

/** What else is worth knowing before one opens it. */
export function marksOf(ticket: Ticket): Mark[] {
  const words = say('desk')
  const all: [string | false | undefined, Mark['tone']][] = [
    [Boolean(ticket.dissent) && fill(words.dissent, { n: ticket.dissent! }), 'late'],
    [Boolean(ticket.sla.urged) && fill(words.urged, { n: ticket.sla.urged }), 'late'],
    [Boolean(ticket.claim) && words.verify, 'soon'],
    [ticket.level > 1 && (ticket.level === 2 ? words.level2 : words.level3), 'soon'],
    [Boolean(ticket.followers) && fill(words.followers, { n: ticket.followers }), 'info'],
    [Boolean(ticket.photos.length) && fill(words.photos, { n: ticket.photos.length }), 'calm'],
  ]
  return all.filter(([said]) => said).map(([said, tone]) => ({ words: said as string, tone }))
}
