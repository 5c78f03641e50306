// Sending a report: its photos first, one by one, then the report itself under the same key.
import { call } from '../core/request'
import { upload } from '../core/upload'
import type { Shot } from '../core/outbox'
import type { Ticket, TicketForm } from './shapes'
import { list } from './tickets'

export type Report = Omit<TicketForm, 'photo_ids'>

interface Sent {
  key: string
  report: Report
  shots: Shot[]
}

/** `noted` hears of each photo that has arrived, so that none is sent twice. */
export async function report<S extends Sent>(sent: S, noted: (sent: S) => void, progress?: (percent: number) => void): Promise<Ticket> {
  for (const [n, shot] of sent.shots.entries()) {
    const share = (percent: number): void => progress?.(Math.round((n * 100 + percent) / sent.shots.length))
    shot.id ??= (await upload(shot.path, `${sent.key}-${n}`, share)).id
    noted(sent)
  }
  const body = { ...sent.report, photo_ids: sent.shots.map((shot) => shot.id) }
  return call<Ticket>({ method: 'POST', path: '/tickets', body, key: sent.key })
}

/** My report of the same kind and place since `at` (milliseconds), if there is one: the newest first are looked through. */
export async function arrived(sent: Report, at: number): Promise<Ticket | undefined> {
  let cursor: string | null | undefined
  do {
    const page = await list('mine', cursor, { category: sent.category })
    const [last] = page.items.slice(-1)
    const found = page.items.find((each) => same(each, sent, at))
    if (found) return found
    cursor = last && Date.parse(last.created_at) > at ? page.next : null
  } while (cursor)
  return undefined
}

const WATCHES = 300_000 // how far the phone's clock may be wrong

function same(ticket: Ticket, sent: Report, at: number): boolean {
  return ticket.category.code === sent.category && (!sent.place_id || ticket.place?.id === sent.place_id) && Date.parse(ticket.created_at) > at - WATCHES
}
