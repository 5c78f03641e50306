// Reports on their way: written down first, sent then. What a dead network keeps back waits here and is sent by itself.
import type { Ticket } from '../services/shapes'
import { report, type Report } from '../services/reports'
import { say, fill } from '../i18n/index'
import { keep, recall } from './box'
import { reportOf, type Draft } from './drafts'
import { removed } from './files'
import { newKey } from './key'
import { problemOf, type Problem } from './problem'
import { store } from './store'

export interface Shot {
  path: string // on the phone
  id?: string // on the server, once it is there
}

export interface Unsent {
  key: string // Idempotency-Key of the report; its photos have it with their number
  report: Report
  draft: Draft // as it was written, to mend it
  shots: Shot[]
  at: number
  refused?: string // the server's sentence; it will not go by itself
}

const AGAIN = 30_000
let sending: Promise<Ticket[]> | null = null
let timer = 0

export function unsent(): Unsent[] {
  return recall<Unsent[]>('outbox') ?? []
}

/** Write a report down and try to send it. Returns the ticket, or why it has to wait or be changed. */
export async function post(draft: Draft, progress?: Progress): Promise<Ticket | Problem> {
  const item: Unsent = { key: newKey(), report: reportOf(draft), draft, shots: draft.shots, at: Date.now() }
  write([...unsent(), item])
  try {
    return await deliver(item, progress)
  } catch (error) {
    const problem = problemOf(error)
    if (problem.passing) later()
    else take(item.key) // back to the form, where it can be mended
    return problem
  }
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
  for (const item of unsent().filter((each) => !each.refused)) {
    try {
      sent.push(await deliver(item))
    } catch (error) {
      const problem = problemOf(error)
      if (problem.passing) {
        later()
        break
      }
      write(unsent().map((each) => (each.key === item.key ? { ...each, refused: problem.sentence } : each)))
    }
  }
  return sent
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
