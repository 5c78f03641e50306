// Visits (走访) on the phone: each is saved first and sent then, without a network later, and arrives once.
// A visit is an activity that is over, with the times it had, and perhaps an opinion that was said there.
import { removeFile } from '../platform/files'
import { newKey } from '../platform/idempotencyKey'
import { type Problem, problemOf } from '../platform/problem'
import { readStorage, writeStorage } from '../platform/storage'
import type { CareAct, OpinionForm, Place } from '../services/shapes'
import { createSubject, listAllSubjects } from '../services/subjects'
import { messageOf } from './errorMessage'
import { uploadPhotos } from './photoUpload'
import { store } from './store'
import type { Shot } from './types'

export interface Visit {
  key: string // Idempotency-Key
  place: Pick<Place, 'id' | 'label'>
  title: string
  nothing: string // what is written of a visit at which nothing was said
  at: number // when it was
  sent?: number // when it was first sent
  said?: { kind: OpinionForm['kind']; text: string }
  shots?: Shot[] // nobody is asked for them
  care?: { acts: CareAct[]; unit: string; room: string } // what was done for a household that one looks after
  problem?: Pick<Problem, 'kind' | 'retryAfter'> // why it waits
  refused?: string // the server's sentence; it is not sent again by itself
}

const RETRY_AFTER = 30_000
const MINUTE = 60_000
const KEY_LIFETIME = 23 * 60 * MINUTE // the server remembers keys for a day
let flushing: Promise<number> | null = null
let timer = 0

export const unsentVisits = (): Visit[] => readStorage<Visit[]>('visits') ?? []

/** Save a visit and try to send it; resolves to whether it has arrived. */
export async function recordVisit(
  visit: Pick<Visit, 'place' | 'title' | 'nothing' | 'said' | 'care' | 'shots'>,
): Promise<boolean> {
  const key = newKey()
  save([...unsentVisits(), { ...visit, key, at: Date.now() }])
  await flushVisits()
  return !unsentVisits().some((each) => each.key === key)
}

/** Send every waiting visit, one at a time; resolves to how many were sent. */
export async function flushVisits(): Promise<number> {
  await flushing // one that was saved meanwhile goes with the next flush
  flushing ??= sendAll().finally(() => (flushing = null))
  return flushing
}

async function sendAll(): Promise<number> {
  let sent = 0
  for (const visit of unsentVisits().filter((each) => !each.refused)) {
    try {
      await deliver(visit)
      removeVisit(visit.key)
      sent++
    } catch (error) {
      const problem = problemOf(error)
      if (problem.temporary) {
        retryLater(visit.key, problem)
        break
      }
      change(visit.key, { refused: messageOf(problem) })
    }
  }
  return sent
}

async function deliver(visit: Visit): Promise<void> {
  const shots = visit.shots ?? []
  if (visit.sent && Date.now() - visit.sent > KEY_LIFETIME) {
    if (await hasArrived(visit)) return
    shots.forEach((shot) => delete shot.id) // nor does it have photos of nothing for longer
  }
  if (!visit.sent) change(visit.key, { sent: Date.now() })
  const photo_ids = await uploadPhotos(shots, visit.key, { onUploaded: () => change(visit.key, { shots }) })
  await createSubject(
    'activity',
    {
      kind: visit.care ? 'care' : 'visit',
      title: visit.title,
      place_id: visit.care?.unit ?? visit.place.id,
      ...(visit.care ? { room: visit.care.room } : {}),
      starts_at: new Date(visit.at).toISOString(),
      ends_at: new Date(visit.at + MINUTE).toISOString(),
      done: {
        text: visit.said?.text ?? visit.nothing,
        ...(photo_ids.length ? { photo_ids } : {}),
        ...(visit.care ? { acts: visit.care.acts } : {}),
      },
      opinions: visit.said ? [visit.said] : [],
    },
    visit.key,
  )
}

/** Whether the server has it, by its place and moment: it no longer knows the key. */
async function hasArrived({ place, at, care }: Visit): Promise<boolean> {
  const kind = [care ? 'care' : 'visit']
  const visits = await listAllSubjects('activity', { kind, place_id: place.id, mine: true })
  return visits.some((each) => Date.parse(each.starts_at) === at)
}

export function removeVisit(key: string): void {
  unsentVisits()
    .find((each) => each.key === key)
    ?.shots?.forEach((shot) => removeFile(shot.path))
  save(unsentVisits().filter((each) => each.key !== key))
}

function change(key: string, values: Partial<Visit>): void {
  save(unsentVisits().map((each) => (each.key === key ? { ...each, ...values } : each)))
}

function save(visits: Visit[]): void {
  writeStorage('visits', visits)
  store.set({ unsentVisits: visits.length })
}

/** Keep why a visit waits, and send again after a while, or when the server allows. */
function retryLater(key: string, { kind, retryAfter }: Problem): void {
  change(key, { problem: { kind, retryAfter } })
  clearTimeout(timer)
  timer = setTimeout(() => void flushVisits(), Math.max(RETRY_AFTER, retryAfter * 1000))
}
