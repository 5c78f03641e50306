// Reports on their way: written down first, sent then. What a dead network keeps back waits here and is sent by itself.
import type { Ticket } from '../services/shapes'
import { arrived, report, type Report } from '../services/reports'
import { say, fill } from '../i18n/index'
import { keep, recall } from './box'
import { dropDraft, keepDraft, reportOf, type Draft } from './drafts'
import { removed } from './files'
import { newKey } from './key'
import { problemOf, type Problem } from './problem'
import { store } from './store'

export interface Shot {
  path: string // on the phone
  id?: string // on the server, once it is there
  thumb?: string // of a photo that was there before
}

export interface Unsent {
  key: string // Idempotency-Key of the report; its photos have it with their number
  report: Report
  draft: Draft // as it was written, to mend it
  shots: Shot[]
  at: number
  refused?: string // the server's sentence; it will not go by itself
  arrived?: { id: string; no: string } // too old to be told from this ticket: its writer has to say
}

const AGAIN = 30_000
const REMEMBERED = 23 * 3600_000 // the server knows keys, and photos nobody attached, for a day
const going = new Set<string>() // what is on its way just now
let sending: Promise<Ticket[]> | null = null
let timer = 0

export function unsent(): Unsent[] {
  return recall<Unsent[]>('outbox') ?? []
}

/** Write a report down and try to send it. Returns the ticket, or why it has to wait or be changed. */
export async function post(draft: Draft, progress?: Progress): Promise<Ticket | Problem> {
  const item: Unsent = { key: newKey(), report: reportOf(draft), draft, shots: draft.shots, at: Date.now() }
  write([...unsent(), item])
  dropDraft(draft.category) // from here on it is this item, or it would be sent twice
  going.add(item.key)
  try {
    return await deliver(item, progress)
  } catch (error) {
    const problem = problemOf(error)
    if (problem.passing) later()
    else reopened(item, problem)
    return problem
  } finally {
    going.delete(item.key)
  }
}

// Back to the form, where it can be mended; photos the server does not take are sent anew.
function reopened(item: Unsent, problem: Problem): void {
  take(item.key)
  if (problem.fields.some((each) => each.pointer.startsWith('/photo_ids'))) item.shots.forEach((shot) => delete shot.id)
  keepDraft(item.draft)
}

/** Send everything that waits; one at a time, so that a weak network is not made weaker. */
export function flush(): Promise<Ticket[]> {
  sending ??= all()
    .then(tell)
    .finally(() => (sending = null))
  return sending
}

// What went by itself is said, so that nobody writes it again.
function tell(sent: Ticket[]): Ticket[] {
  if (sent.length) wx.showToast({ title: fill(say('outbox').sent, { n: sent.length }), icon: 'none', duration: 3000 })
  return sent
}

async function all(): Promise<Ticket[]> {
  const sent: Ticket[] = []
  for (const item of unsent().filter((each) => !each.refused && !each.arrived && !going.has(each.key))) {
    try {
      if (Date.now() - item.at > REMEMBERED && !(await renewed(item))) continue
      sent.push(await deliver(item))
    } catch (error) {
      const problem = problemOf(error)
      if (problem.passing) {
        later()
        break
      }
      change(item.key, { refused: problem.sentence })
    }
  }
  return sent
}

/** Give what is older than the server's memory a new key; false when it seems to have arrived long ago. */
async function renewed(item: Unsent): Promise<boolean> {
  const ticket = await arrived(item.report, item.at)
  if (ticket) change(item.key, { arrived: { id: ticket.id, no: ticket.no } })
  else again(item)
  return !ticket
}

function again(item: Unsent): void {
  const before = item.key
  item.shots.forEach((shot) => delete shot.id)
  Object.assign(item, { key: newKey(), at: Date.now(), arrived: undefined })
  write(unsent().map((each) => (each.key === before ? item : each)))
}

/** Send one although it may have arrived. */
export function insist(key: string): void {
  const item = unsent().find((each) => each.key === key)
  if (!item) return
  again(item)
  void flush()
}

function change(key: string, values: Partial<Unsent>): void {
  write(unsent().map((each) => (each.key === key ? { ...each, ...values } : each)))
}

export type Progress = (percent: number) => void

async function deliver(item: Unsent, progress?: Progress): Promise<Ticket> {
  const ticket = await report(item, noted, progress)
  item.shots.forEach((shot) => removed(shot.path))
  take(item.key)
  return ticket
}

/** A photo has arrived: never send it again. */
function noted(item: Unsent): void {
  write(unsent().map((each) => (each.key === item.key ? item : each)))
}

/** Take one out, to change it or because it is done. */
export function take(key: string): Unsent | undefined {
  const found = unsent().find((each) => each.key === key)
  write(unsent().filter((each) => each.key !== key))
  return found
}

function write(items: Unsent[]): void {
  keep('outbox', items)
  store.set({ unsent: items.length })
}

function later(): void {
  clearTimeout(timer)
  timer = setTimeout(() => void flush(), AGAIN)
}
