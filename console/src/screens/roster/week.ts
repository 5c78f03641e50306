// A week of the roster: its days, whose shifts begin on which, and the days on which nobody can be called.
import { addDays } from '@mini/domain/dates'
import { clockOf, dayOfMoment } from '@mini/domain/time'
import type { RosterPost, Shift } from '@mini/services/shapes'

const DAYS = 7

export const midnightOf = (day: string): string => `${day}T00:00:00+08:00`
export const mondayOf = (day: string): string =>
  addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % DAYS))
export const weekFrom = (monday: string): string[] =>
  Array.from({ length: DAYS }, (_, n) => addDays(monday, n))
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

export interface UnitRows {
  id: string
  label: string
  posts: RosterPost[]
  /** The days of the week, today or later, on which no shift of the unit begins and none lasts the whole day. */
  gaps: ReadonlySet<string>
}

/** The units of the posts, as the server orders them, with their gaps. */
export function unitsOf(
  posts: readonly RosterPost[],
  shifts: readonly Shift[],
  week: readonly string[],
  today: string,
): UnitRows[] {
  const ids = [...new Set(posts.map(({ unit }) => unit.id))]
  return ids.map((id) => {
    const own = posts.filter(({ unit }) => unit.id === id)
    const planned = shifts.filter(({ unit }) => unit.id === id)
    const gaps = week.filter((day) => day >= today && !planned.some((shift) => isCovered(shift, day)))
    return { id, label: own[0]!.unit.label, posts: own, gaps: new Set(gaps) }
  })
}

function isCovered({ starts_at, ends_at }: Shift, day: string): boolean {
  const begins = dayOfMoment(starts_at)
  return begins === day || (begins < day && dayOfMoment(ends_at) > day)
}

/** The shifts of a post that begin on a day, in order. */
export const shiftsAt = (shifts: readonly Shift[], post: string, day: string): Shift[] =>
  shifts
    .filter(({ post: { post_id }, starts_at }) => post_id === post && dayOfMoment(starts_at) === day)
    .sort((one, other) => one.starts_at.localeCompare(other.starts_at))

/** 18:00–08:00, with +1 where it ends on the next day. */
export function spanOf({ starts_at, ends_at }: Shift): string {
  const days = daysBetween(dayOfMoment(starts_at), dayOfMoment(ends_at))
  return `${clockOf(starts_at)}–${clockOf(ends_at)}${days ? ` +${days}` : ''}`
}

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

export const cellId = (post: string, day: string): string => `${post}_${day}`
export function cellOf(id: string | undefined): { post: string; day: string } | undefined {
  const [post, day] = id?.split('_') ?? []
  return post && day ? { post, day } : undefined
}

/** Moments of a shift that begins on a day; one that ends no later than it begins ends on the next. */
export function momentsOf(day: string, from: string, until: string): { starts_at: string; ends_at: string } {
  const last = until > from ? day : addDays(day, 1)
  return { starts_at: `${day}T${from}:00+08:00`, ends_at: `${last}T${until}:00+08:00` }
}
