// Subjects of the common life: the same list, detail, timeline and acts for each kind.
import type { HttpRequest } from '../platform/http'
import { newKey } from '../platform/idempotencyKey'
import { request } from '../platform/request'
import { FREE_SUBJECT_ACTS } from './actions'
import { listAll } from './pages'
import type { Attendance, Door, List, Mediator, Subject, SubjectEvent, SubjectKind, Subjects } from './shapes'

const PATHS: Readonly<Record<SubjectKind, string>> = {
  opinion: '/opinions',
  topic: '/topics',
  project: '/projects',
  activity: '/activities',
  survey: '/surveys',
  offer: '/offers',
  reservation: '/reservations',
  relationship: '/relationships',
  dispute: '/disputes',
}

/** Whether a kind of subject has screens; of the others a notice is only read. */
export const hasScreens = (kind: string): kind is SubjectKind => kind in PATHS

const named = <K extends SubjectKind>(noun: K, subject: Subjects[K]): Subject =>
  ({ ...subject, noun }) as unknown as Subject

export async function listSubjects(noun: SubjectKind, query: HttpRequest['query']): Promise<List<Subject>> {
  const page = await request<List<Subjects[SubjectKind]>>({ path: PATHS[noun], query })
  return { ...page, items: page.items.map((each) => named(noun, each)) }
}

/** All subjects that match, page after page. */
export const listAllSubjects = async <K extends SubjectKind>(
  noun: K,
  query: HttpRequest['query'],
): Promise<Subjects[K][]> => listAll<Subjects[K]>(PATHS[noun], query)

export const getSubject = async (noun: SubjectKind, id: string): Promise<Subject> =>
  named(noun, await request({ path: `${PATHS[noun]}/${id}` }))

/** The number of who said an opinion that staff wrote down; each look is recorded. */
export const getSpeakerPhone = (id: string): Promise<{ phone: string }> =>
  request({ path: `/opinions/${id}/phone` })

export const listSubjectEvents = (noun: SubjectKind, id: string): Promise<SubjectEvent[]> =>
  listAll(`${PATHS[noun]}/${id}/events`)

export const createSubject = async (noun: SubjectKind, body: object, key: string): Promise<Subject> =>
  named(noun, await request({ method: 'POST', path: PATHS[noun], body, key }))

/** Act on the version of a subject that the user saw. The same `key` acts once. */
export async function postSubjectAct(
  { noun, id, version }: Pick<Subject, 'noun' | 'id' | 'version'>,
  act: string,
  values: object = {},
  key = newKey(),
): Promise<Subject> {
  const body = FREE_SUBJECT_ACTS.has(`${PATHS[noun].slice(1)}/${act}`) ? values : { version, ...values }
  return named(noun, await request({ method: 'POST', path: `${PATHS[noun]}/${id}/${act}`, body, key }))
}

/** The reservation whose code somebody shows. */
export const scanReservation = async (code: string): Promise<Subject> =>
  named('reservation', await request({ path: '/reservations/scan', query: { code } }))

/** Whom the head of the studio may name, and who mediates already. */
export const listMediators = (id: string): Promise<Mediator[]> => listAll(`/disputes/${id}/mediators`)

/** Who signed up for an activity, waits or came; for the staff of its place. */
export const listAttendance = (id: string): Promise<Attendance[]> => listAll(`/activities/${id}/attendance`)

/** The doors of a grid or community, the one that was not visited for longest first. */
export const listDoors = (place: string): Promise<Door[]> => listAll('/activities/due', { place_id: place })
/** Those of households that somebody looks after, due by a moment. */
export const listPairedDoors = (place: string, until: string): Promise<Door[]> =>
  listAll('/activities/due', { place_id: place, paired: true, until })

/** Have every household of a unit that somebody looks after visited until a moment; returns how many. */
export const callForVisits = (place_id: string, due_at: string): Promise<{ due: number }> =>
  request({ method: 'POST', path: '/relationships/calls', body: { place_id, due_at } })
