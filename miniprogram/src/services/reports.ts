// Sending a report: its photos first, one by one, then the report itself under the same key.
import { call } from '../core/request'
import { upload } from '../core/upload'
import type { Shot } from '../core/outbox'
import type { Ticket, TicketForm } from './shapes'

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
