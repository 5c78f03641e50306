// What several kinds of subjects have in common: columns, fields, texts of values.
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { formatDay } from '@mini/domain/dates'
import { dayOfMoment, formatTime } from '@mini/domain/time'
import { store } from '@mini/domain/store'
import type { ActionValues } from '@mini/domain/types'
import type { Option } from '@mini/domain/forms'
import type { Filters } from '../../kit/address'
import type { Column } from '../../kit/columns'
import type { Field } from '../../kit/fields'
import { listSubjects, type Subject, type SubjectLink } from '../../subjects'
import { words } from '../../words'

const END_OF_DAY = 'T18:00:00+08:00' // what is due on a day is due when offices close
const MOST = 100 // open ones to choose among

const GOING_ON: ReadonlySet<string> = new Set([
  ...['open', 'planned', 'doing'],
  ...['out', 'active', 'vacant', 'settled'], // what is lent, whom one visits, what is looked after
])

const SCREENS: Readonly<Partial<Record<SubjectLink['kind'], string>>> = {
  opinion: 'opinions',
  activity: 'activities',
  topic: 'topics',
  project: 'projects',
  survey: 'surveys',
  offer: 'offers',
  reservation: 'reservations',
  dispute: 'disputes',
  ticket: 'tickets',
}

/** The way to what a subject came from or led to, named as it is now; nothing where the reader may not see it. */
export function linkTo(link: SubjectLink | null): ReactNode {
  if (!link) return null
  const [screen, name] = [SCREENS[link.kind], [link.kind_name, link.title, link.status_name]]
  const title = name.filter(Boolean).join(' · ')
  return screen ? <Link href={`/${screen}/${link.id}`}>{title}</Link> : title
}

/** Until when it should end, as long as it has not. */
export function Due({ subject }: { subject: Subject }) {
  if (!subject.due_at || !GOING_ON.has(subject.status)) return null
  return (
    <span className={subject.overdue ? 'due late' : 'due'}>
      {formatTime(subject.due_at)} {subject.overdue && words().subjects.late}
    </span>
  )
}

/** The last day of what is due at the midnight that ends it: a loan, a return visit. */
export const lastDayOf = (due_at: string): string =>
  formatDay(dayOfMoment(new Date(Date.parse(due_at) - 1).toISOString()))

/** The same as `Due`, of what is due on a day. */
export function DueDay({ subject }: { subject: Subject }) {
  if (!subject.due_at || !GOING_ON.has(subject.status)) return null
  return (
    <span className={subject.overdue ? 'due late' : 'due'}>
      {lastDayOf(subject.due_at)} {subject.overdue && words().subjects.late}
    </span>
  )
}

export const titleColumn = <S extends Subject>(
  textOf: (subject: S) => string | null,
  named: 'title' | 'text' = 'title',
): Column<S> => ({
  name: 'title',
  words: () => words().subjects[named],
  usual: true,
  wide: true,
  cell: (subject) => <span className="clamp">{textOf(subject)}</span>,
})
export const stateColumn = <S extends Subject>(): Column<S> => ({
  name: 'state',
  words: () => words().subjects.state,
  usual: true,
  cell: (subject) => <span className={`status ${subject.status}`}>{subject.status_name}</span>,
})
export const placeColumn = <S extends Subject>(): Column<S> => ({
  name: 'place',
  words: () => words().subjects.where,
  usual: true,
  spare: true,
  cell: ({ place }) => place.label,
})
export const dueColumn = <S extends Subject>(): Column<S> => ({
  name: 'due',
  words: () => words().subjects.due,
  usual: true,
  cell: (subject) => <Due subject={subject} />,
})
export const atColumn = <S extends Subject>(usual = true): Column<S> => ({
  name: 'at',
  words: () => words().subjects.at,
  usual,
  spare: true,
  cell: ({ created_at }) => formatTime(created_at),
})

export const textField = (label: () => string, hint?: () => string, required = true): Field => ({
  name: 'text',
  kind: 'text',
  required,
  label,
  ...(hint ? { hint } : {}),
})
/** Photos of what was done: nobody has to add any. */
export const photosField = (): Field => ({ name: 'photo_ids', kind: 'photos' })
export const placeField = (label: () => string): Field => ({
  name: 'place_id',
  kind: 'place',
  required: true,
  label,
})
export const dayField = (more: Partial<Field> = {}): Field => ({
  name: 'due_at',
  kind: 'day',
  required: true,
  label: () => words().subjects.dueBy,
  ...more,
})

/** What is filled in, as the API takes it: places and photos by their ids, nothing that is empty. */
export function filled(values: ActionValues): Record<string, unknown> {
  const entries = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  return Object.fromEntries(entries.map(([name, value]) => [name, bare(value)]))
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  return typeof value === 'object' && value && 'id' in value ? value.id : value
}

export const endOfDay = (day: unknown): string | undefined =>
  typeof day === 'string' && day ? `${day}${END_OF_DAY}` : undefined

// What has not ended, by the statuses that say so.
const NOT_ENDED = { topics: 'raised,set,discussing,decided,doing', projects: 'planned,doing' } as const

/** Those that have not ended, to choose one. */
export async function openOnes(path: keyof typeof NOT_ENDED): Promise<Option[]> {
  const { items } = await listSubjects<Subject>(path, { status: NOT_ENDED[path] }, null, MOST)
  return items.map(({ id, title, place }) => ({ value: id, words: `${title ?? ''} · ${place.label}` }))
}

/** The topic that something is about, to choose, unless the address names what it comes from. */
export const topicField = ({ source_id }: Filters, label: () => string): Field[] =>
  source_id ? [] : [{ name: 'source_id', kind: 'choice', options: () => openOnes('topics'), label }]

/** The place that the address names, or that of one's own post: what concerns a whole community is its own. */
export function ownPlace({ place_id }: Filters): ActionValues {
  const posts = store.get().me?.posts ?? []
  const id = place_id ?? posts.find((post) => post.place_id)?.place_id
  return id ? { place_id: { id } } : {}
}
