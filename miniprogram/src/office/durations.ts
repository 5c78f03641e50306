// Limits in minutes, hours or days. A working day is as long as the office's hours.
import { fill, wordsOf } from '../i18n/index'
import './words/index'

export type Unit = 'minute' | 'hour' | 'day'
export type Clock = '24x7' | 'working'
export const UNITS: readonly Unit[] = ['minute', 'hour', 'day']

export const minutesOf = (unit: Unit, clock: Clock, workday: number): number =>
  unit === 'minute' ? 1 : unit === 'hour' ? 60 : clock === 'working' ? workday : 24 * 60

/** Return the minutes in the largest unit that gives a whole number. */
export function splitMinutes(minutes: number, clock: Clock, workday: number): { n: number; unit: Unit } {
  const unit =
    [...UNITS].reverse().find((each) => minutes % minutesOf(each, clock, workday) === 0) ?? 'minute'
  return { n: minutes / minutesOf(unit, clock, workday), unit }
}

export function formatLimit(minutes: number, clock: Clock, workday: number): string {
  const words = wordsOf('settings')
  const { n, unit } = splitMinutes(minutes, clock, workday)
  return fill(
    unit === 'minute'
      ? words.minutes
      : unit === 'hour'
        ? words.hours
        : clock === 'working'
          ? words.workdays
          : words.days,
    { n },
  )
}
