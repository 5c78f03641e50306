// When an activity is, as text.
import { clockOf, dayOfMoment, formatTime } from '@mini/domain/time'
import type { Activity } from '../../subjects'

/** 今天 15:00–16:30; both days where it ends on another. */
export function whenOf({ starts_at, ends_at }: Pick<Activity, 'starts_at' | 'ends_at'>): string {
  const isOneDay = dayOfMoment(starts_at) === dayOfMoment(ends_at)
  return `${formatTime(starts_at)}–${isOneDay ? clockOf(ends_at) : formatTime(ends_at)}`
}
