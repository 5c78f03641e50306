// Subjects of the common life (意见、活动、议题、项目、征询、资源、预约、结对、调解): one door for all of them, as in the API.
import { request } from '@mini/platform/request'
import type { components } from '@mini/services/api'
import { listAll } from '@mini/services/pages'
import type { List } from '@mini/services/shapes'
import { data, GET } from './api'
import { asQuery, type Filters, takesSeveral, valuesOf } from './kit/address'
import { downloadFile } from './platform/upload'

type Shapes = components['schemas']
export type Opinion = Shapes['OpinionOut']
export type Activity = Shapes['ActivityOut']
export type Topic = Shapes['TopicOut']
export type Project = Shapes['ProjectOut']
export type Survey = Shapes['SurveyOut']
export type Offer = Shapes['OfferOut']
export type Reservation = Shapes['ReservationOut']
export type Relationship = Shapes['RelationshipOut']
export type Dispute = Shapes['DisputeOut']
export type SurveyResult = Shapes['SurveyResultOut']
export type QuestionResult = Shapes['QuestionResultOut']
export type Subject =
  Opinion | Activity | Topic | Project | Survey | Offer | Reservation | Relationship | Dispute
export type SubjectLink = Shapes['SubjectLinkOut']
export type SubjectEvent = Shapes['SubjectEventOut']
export type Attendance = Shapes['AttendanceOut']
/** The first part of a kind's addresses in the API. */
export type Path =
  | 'opinions'
  | 'activities'
  | 'topics'
  | 'projects'
  | 'surveys'
  | 'offers'
  | 'reservations'
  | 'relationships'
  | 'disputes'
/** And in the console, where relationships have a screen for each sort. */
export type SubjectScreen = Exclude<Path, 'relationships'> | 'pairings' | 'partners'

const PAGE = 50
const FILTERS = [
  ...['status', 'kind', 'place_id', 'source_id', 'outcome_id', 'mine', 'overdue', 'to_tell'],
  ...['created_from', 'created_to', 'solved'], // what a number of the funnel counts
  ...['series', 'one_a_series', 'q'],
]
const ONE_PLACE = 'place_id' // several of it elsewhere; here the API takes one

/** The query of a list, by what of an address is a filter of it. */
function queryOf(filters: Filters): Record<string, string | string[]> {
  const asked = FILTERS.filter((name) => filters[name])
  return Object.fromEntries(
    asked.map((name) => {
      const several = valuesOf(filters[name])
      return [name, name === ONE_PLACE ? several[0]! : takesSeveral(name) ? several : filters[name]!]
    }),
  )
}

export function listSubjects<S extends Subject>(
  path: Path,
  filters: Filters,
  cursor: string | null = null,
  limit = PAGE,
): Promise<List<S>> {
  const query = { ...queryOf(filters), limit, ...(cursor ? { cursor } : {}) }
  // The lists of all kinds have one shape; what differs are the items.
  const address = `/api/v1/${path}` as '/api/v1/opinions'
  return data(GET(address, { params: { query: query } })) as unknown as Promise<List<S>>
}

/** A list as it is filtered, as a file. */
export const getSubjectsFile = (path: Path, filters: Filters, format: string): Promise<string> => {
  const asked = FILTERS.filter((name) => filters[name]).map((name): [string, string] => [
    name,
    filters[name]!,
  ])
  return downloadFile(`/api/v1/${path}/export?${asQuery({ ...Object.fromEntries(asked), format })}`)
}

export const getSubject = <S extends Subject>(path: Path, id: string): Promise<S> =>
  request({ path: `/${path}/${id}` })
/** The number and name of who said an opinion that staff wrote down. */
export const getSpeakerPhone = (id: string): Promise<Shapes['PhoneOut']> =>
  request({ path: `/opinions/${id}/phone` })
export const listSubjectEvents = (path: Path, id: string): Promise<SubjectEvent[]> =>
  listAll(`/${path}/${id}/events`)
export const createSubject = <S extends Subject>(path: Path, body: object, key: string): Promise<S> =>
  request({ method: 'POST', path: `/${path}`, body, key })
/** Act on a subject; `body` names the version that the reader saw, where the act asks for one. */
export const actOnSubject = <S extends Subject>(
  path: Path,
  id: string,
  action: string,
  body: object,
  key: string,
): Promise<S> => request({ method: 'POST', path: `/${path}/${id}/${action}`, body, key })
export const listAttendance = (id: string, cursor: string | null): Promise<List<Attendance>> =>
  request({ path: `/activities/${id}/attendance`, query: { limit: 100, cursor } })
export const getSurveyResult = (id: string): Promise<SurveyResult> =>
  request({ path: `/surveys/${id}/result` })
