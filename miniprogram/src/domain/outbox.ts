// The outbox: a report is saved on the phone first and sent then. Without a network it waits here and is sent
// later.
import { fill, wordsOf } from '../i18n/index'
import { removeFile } from '../platform/files'
import { newKey } from '../platform/idempotencyKey'
import { type Problem, type ProblemKind, problemOf } from '../platform/problem'
import { readStorage, writeStorage } from '../platform/storage'
import type { Progress } from '../platform/upload'
import type { Ticket } from '../services/shapes'
import { createTicket } from '../services/tickets'
import { removeDraft, reportOf, saveDraft } from './drafts'
import { messageOf, waitingMessageOf } from './errorMessage'
import { uploadPhotos } from './photoUpload'
import { findTicketOf } from './sentReports'
import { store } from './store'
import type { Draft, Report, Shot } from './types'

export interface UnsentReport {
  key: string // Idempotency-Key of the report; the keys of its photos are derived from it
  report: Report
  draft: Draft // as it was written, to change it
  shots: Shot[]
  at: number
  problem?: { kind: ProblemKind; retryAfter: number } // why it waits
  refused?: string // the server's sentence; the report is not sent again by itself
  arrived?: { id: string; no: string } // this ticket may be the report; the user has to decide
}

const RETRY_AFTER = 30_000
const KEY_LIFETIME = 23 * 3600_000 // the server remembers keys, and photos without a ticket, for a day
const inProgress = new Set<string>() // keys of reports that are being sent
let flushing: Promise<Ticket[]> | null = null
let timer = 0

export function unsentReports(): UnsentReport[] {
  return readStorage<UnsentReport[]>('outbox') ?? []
}

/**
 * Save a report and try to send it. Returns the ticket, or the problem because of which it waits or has to be
 * changed.
 */
export async function sendReport(draft: Draft, onProgress?: Progress): Promise<Ticket | Problem> {
  const item: UnsentReport = {
    key: newKey(),
    report: reportOf(draft),
    draft,
    shots: draft.shots,
    at: Date.now(),
  }
  save([...unsentReports(), item])
  removeDraft(draft.category) // the outbox has it now; with both it would be sent twice
  inProgress.add(item.key)
  try {
    return await deliver(item, onProgress)
  } catch (error) {
    const problem = problemOf(error)
    if (problem.temporary) retryLater(item, problem)
    else backToDraft(item, problem)
    return problem
  } finally {
    inProgress.delete(item.key)
  }
}

/** Turn a refused report into a draft again. Photos the server does not accept are uploaded anew. */
function backToDraft(item: UnsentReport, problem: Problem): void {
  takeOut(item.key)
  if (problem.fieldErrors.some(({ pointer }) => pointer.startsWith('/photo_ids'))) forgetUploads(item)
  saveDraft(item.draft)
}

/** Send every waiting report, one at a time because the network may be weak. */
export function flushOutbox(): Promise<Ticket[]> {
  flushing ??= sendAll()
    .then(announce)
    .finally(() => (flushing = null))
  return flushing
}

/** Send the outbox because the user asked for it: what still waits says why. */
export async function sendNow(): Promise<void> {
  await flushOutbox()
  const [left] = unsentReports().filter((item) => !item.refused && !item.arrived)
  if (left) wx.showToast({ title: waitingTextOf(left), icon: 'none', duration: 3000 })
}

/** Why a report waits, and when it is sent again. */
export const waitingTextOf = ({ problem }: UnsentReport): string =>
  waitingMessageOf(problem ?? { kind: 'offline', retryAfter: 0 })

function announce(sent: Ticket[]): Ticket[] {
  if (sent.length)
    wx.showToast({ title: fill(wordsOf('outbox').sent, { n: sent.length }), icon: 'none', duration: 3000 })
  return sent
}

async function sendAll(): Promise<Ticket[]> {
  const sent: Ticket[] = []
  const waiting = unsentReports().filter(
    (item) => !item.refused && !item.arrived && !inProgress.has(item.key),
  )
  for (const item of waiting) {
    try {
      if (Date.now() - item.at > KEY_LIFETIME && !(await renewOutdated(item))) continue
      sent.push(await deliver(item))
    } catch (error) {
      const problem = problemOf(error)
      if (problem.temporary) {
        retryLater(item, problem)
        break
      }
      change(item.key, { refused: messageOf(problem) })
    }
  }
  return sent
}

/**
 * Give a report whose key the server no longer remembers a new one; false when the report seems to have
 * arrived.
 */
async function renewOutdated(item: UnsentReport): Promise<boolean> {
  const ticket = await findTicketOf(item.report, item.at)
  if (ticket) change(item.key, { arrived: { id: ticket.id, no: ticket.no } })
  else renewKey(item)
  return !ticket
}

function renewKey(item: UnsentReport): void {
  const before = item.key
  forgetUploads(item)
  Object.assign(item, { key: newKey(), at: Date.now(), arrived: undefined })
  save(unsentReports().map((each) => (each.key === before ? item : each)))
}

function forgetUploads({ shots }: UnsentReport): void {
  shots.forEach((shot) => delete shot.id)
}

/** Send a report although it may have arrived before. */
export function sendAgain(key: string): void {
  const item = unsentReports().find((each) => each.key === key)
  if (!item) return
  renewKey(item)
  void flushOutbox()
}

function change(key: string, values: Partial<UnsentReport>): void {
  save(unsentReports().map((each) => (each.key === key ? { ...each, ...values } : each)))
}

async function deliver(item: UnsentReport, onProgress?: Progress): Promise<Ticket> {
  store.set({ sending: item.key })
  try {
    const photo_ids = await uploadPhotos(item.shots, item.key, { onUploaded: () => update(item), onProgress })
    const ticket = await createTicket({ ...item.report, photo_ids }, item.key)
    item.shots.forEach((shot) => removeFile(shot.path))
    takeOut(item.key)
    return ticket
  } finally {
    store.set({ sending: '' })
  }
}

function update(item: UnsentReport): void {
  save(unsentReports().map((each) => (each.key === item.key ? item : each)))
}

/** Remove a report from the outbox, to change it or because it is sent. */
export function takeOut(key: string): UnsentReport | undefined {
  const found = unsentReports().find((each) => each.key === key)
  save(unsentReports().filter((each) => each.key !== key))
  return found
}

function save(items: UnsentReport[]): void {
  writeStorage('outbox', items)
  store.set({ unsent: items.length })
}

/** Keep why a report waits, and send again after a while, or when the server allows. */
function retryLater({ key }: UnsentReport, { kind, retryAfter }: Problem): void {
  change(key, { problem: { kind, retryAfter } })
  clearTimeout(timer)
  timer = setTimeout(() => void flushOutbox(), Math.max(RETRY_AFTER, retryAfter * 1000))
}
