// The runs of a course: how many there are, and the next one, like the one before, a week later.
import type { ActionValues } from '@mini/domain/types'
import { fill } from '@mini/i18n/index'
import { asQuery, type Filters } from '../../kit/address'
import type { Activity } from '../../subjects'
import { words } from '../../words'

const WEEK = 7 * 24 * 3600_000

/** What is held more than once and counts as one. */
export const RUNNING: ReadonlySet<string> = new Set(['course', 'event', 'service'])

export const runsOf = ({ series, runs }: Activity): string =>
  series ? fill(words().activities.ofRuns, { n: runs }) : ''

const later = (at: string): string => `${new Date(Date.parse(at) + WEEK).toISOString().slice(0, 19)}Z`

/** The address of the form of the next run, which says what it is like. */
export function nextRunOf(activity: Activity): string {
  const { id, series, kind, title, venue, capacity, place, starts_at, ends_at } = activity
  const like = {
    series: series ?? id,
    place_id: place.id,
    kind,
    title: title ?? '',
    venue: venue ?? '',
    capacity: capacity ? String(capacity) : '',
    starts_at: later(starts_at),
    ends_at: later(ends_at),
  }
  return `/activities/new?${asQuery(like)}`
}

/** What the address says of the next run. */
export function nextRun({ series, title, venue, capacity, starts_at, ends_at }: Filters): ActionValues {
  if (!series) return {}
  return {
    title: title ?? '',
    venue: venue ?? '',
    ...(capacity ? { capacity: Number(capacity) } : {}),
    ...(starts_at ? { starts_at } : {}),
    ...(ends_at ? { ends_at } : {}),
  }
}
