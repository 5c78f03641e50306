// Limits in units people use: minutes, hours, days; a working day has as many minutes as the office's hours make.
import { fill, say } from '../i18n/index'

export type Unit = 'minute' | 'hour' | 'day'
export type Clock = '24x7' | 'working'
export const UNITS: readonly Unit[] = ['minute', 'hour', 'day']

export const minutesOf = (unit: Unit, clock: Clock, workday: number): number => (unit === 'minute' ? 1 : unit === 'hour' ? 60 : clock === 'working' ? workday : 24 * 60)

/** The largest unit it is a whole number of. */
export function split(minutes: number, clock: Clock, workday: number): { n: number; unit: Unit } {
  const unit = [...UNITS].reverse().find((each) => minutes % minutesOf(each, clock, workday) === 0) ?? 'minute'
  return { n: minutes / minutesOf(unit, clock, workday), unit }
}

export function spokenSpan(minutes: number, clock: Clock, workday: number): string {
  const words = say('settings')
  const { n, unit } = split(minutes, clock, workday)
  return fill(unit === 'minute' ? words.minutes : unit === 'hour' ? words.hours : clock === 'working' ? words.workdays : words.days, { n })
}
