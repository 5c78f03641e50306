// Visits (走访) on the phone: each is saved first and sent then, without a network later, and arrives once.
// A visit is an activity that is over, and perhaps an opinion that was said there. What arrived is asked of the
// server: the visit of this place that began at the same moment.
import { newKey } from '../platform/idempotencyKey'
import { type Problem, problemOf } from '../platform/problem'
import { readStorage, writeStorage } from '../platform/storage'
import type { Activity, OpinionForm, Place, Subject } from '../services/shapes'
import { createSubject, listAllSubjects, postSubjectAct } from '../services/subjects'
import { messageOf } from './errorMessage'
import { store } from './store'

export interface Visit {
  key: string // Idempotency-Key; those of its acts are derived from it
  place: Pick<Place, 'id' | 'label'>
  title: string
  nothing: string // what is written of a visit at which nothing was said
  at: number // when it was
  keyed: number // when the visit was first sent under this key
  said?: { kind: OpinionForm['kind']; text: string }
  problem?: Pick<Problem, 'kind' | 'retryAfter'> // why it waits
  refused?: string // the server's sentence; it is not sent again by itself
}

const RETRY_AFTER = 30_000
const HOUR = 3600_000
const KEY_LIFETIME = 23 * HOUR // the server remembers keys for a day
const ON_ITS_WAY = HOUR / 2 // after that, what did not arrive never will
let flushing: Promise<number> | null = null
let timer = 0

export const unsentVisits = (): Visit[] => readStorage<Visit[]>('visits') ?? []

/** Save a visit and try to send it; resolves to whether it has arrived. */
export async function recordVisit(
  visit: Pick<Visit, 'place' | 'title' | 'nothing'> & { said?: Visit['said'] },
): Promise<boolean> {
  const key = newKey()
  save([...unsentVisits(), { ...visit, key, at: Date.now(), keyed: 0 }])
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
  const activity = await closed(await created(visit), visit)
  if (visit.said && !(await isSaid(visit, activity.id)))
    await createSubject(
      'opinion',
      { ...visit.said, place_id: visit.place.id, activity_id: activity.id },
      `${visit.key}:said`,
    )
}

/** The visit on the server. One that did not arrive is sent anew, with an end that is still to come. */
async function created(visit: Visit): Promise<Subject> {
  const there = visit.keyed ? await arrived(visit) : undefined
  if (there) return { ...there, noun: 'activity' }
  if (Date.now() - visit.keyed > ON_ITS_WAY) change(visit.key, { keyed: (visit.keyed = Date.now()) })
  return createSubject(
    'activity',
    {
      kind: 'visit',
      title: visit.title,
      place_id: visit.place.id,
      starts_at: new Date(visit.at).toISOString(),
      ends_at: new Date(visit.keyed + HOUR).toISOString(),
    },
    `${visit.key}:${visit.keyed}`,
  )
}

const visitsOf = (place: string): Promise<Activity[]> =>
  listAllSubjects('activity', { kind: ['visit'], place_id: place, mine: true })

const arrived = async ({ place, at }: Visit): Promise<Activity | undefined> =>
  (await visitsOf(place.id)).find((each) => Date.parse(each.starts_at) === at)

/** Whether the opinion of an older attempt has arrived, whose key may be forgotten. */
async function isSaid(visit: Visit, activity: string): Promise<boolean> {
  if (Date.now() - visit.at < KEY_LIFETIME) return false
  const opinions = await listAllSubjects('opinion', { source_id: activity })
  return opinions.some(({ text }) => text === visit.said?.text)
}

const STEPS: Readonly<Record<string, string>> = { draft: 'publish', published: 'start', started: 'close' }

/** Bring a visit to its end, from wherever an earlier attempt left it. */
async function closed(activity: Subject, visit: Visit): Promise<Subject> {
  const step = STEPS[activity.status]
  if (!step) return activity
  const values = step === 'close' ? { text: visit.said?.text ?? visit.nothing } : {}
  return closed(await postSubjectAct(activity, step, values, `${visit.key}:${step}`), visit)
}

export function removeVisit(key: string): void {
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
