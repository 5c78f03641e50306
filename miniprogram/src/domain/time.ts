// Times and durations as text, always in Shanghai's time zone.
import { fill, wordsOf } from '../i18n/index'

const SHANGHAI = 8 * 3600_000 // no daylight saving since 1991
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
export const SOON = 0.8 // part of the limit; the server reminds the holder then, too

const two = (n: number): string => String(n).padStart(2, '0')

export function toMillis(moment: string): number {
  return new Date(moment).getTime()
}

/** A date whose UTC fields are Shanghai's local time. */
function inShanghai(at: number): Date {
  return new Date(at + SHANGHAI)
}

/** The date (2026-10-01) of a moment, and its time of day. */
export const dayOfMoment = (moment: string): string => inShanghai(toMillis(moment)).toISOString().slice(0, 10)
export const clockOf = (moment: string): string => inShanghai(toMillis(moment)).toISOString().slice(11, 16)

/** 今天 19:30, 昨天 08:05, 3月6日 17:30, 2025年3月6日 */
export function formatTime(moment: string, now = Date.now()): string {
  const words = wordsOf('time')
  const at = inShanghai(toMillis(moment))
  const today = inShanghai(now)
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  const days = Math.floor(today.getTime() / DAY) - Math.floor(at.getTime() / DAY)
  if (days === 0) return fill(words.today, { clock })
  if (days === 1) return fill(words.yesterday, { clock })
  if (days === -1) return fill(words.tomorrow, { clock })
  const day = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), clock }
  return fill(day.year === today.getUTCFullYear() ? words.date : words.far, day)
}

/** A duration in its two largest units; seconds only when it is short. */
export function formatDuration(length: number): string {
  const words = wordsOf('time')
  const [d, h, m, s] = [
    length / DAY,
    (length % DAY) / HOUR,
    (length % HOUR) / MINUTE,
    (length % MINUTE) / 1000,
  ].map(Math.floor) as [number, number, number, number]
  if (d) return fill(h ? words.daysHours : words.days, { d, h })
  if (h) return fill(m ? words.hoursMinutes : words.hours, { h, m })
  return fill(m ? words.minutesSeconds : words.seconds, { m, s: two(s), n: s })
}

export type Urgency = 'calm' | 'soon' | 'late'

export function urgencyOf(start: number, due: number, now: number): Urgency {
  if (now >= due) return 'late'
  return now >= start + (due - start) * SOON ? 'soon' : 'calm'
}

/** The time `minutes` after midnight in Shanghai, `days` from today; RFC 3339. */
export function shanghaiTime(days: number, minutes: number, now = Date.now()): string {
  const midnight = Math.floor((now + SHANGHAI) / DAY) * DAY - SHANGHAI
  return new Date(midnight + days * DAY + minutes * MINUTE).toISOString().replace(/\.\d+Z$/, 'Z')
}

export function weekday(days: number, now = Date.now()): number {
  return inShanghai(now + days * DAY).getUTCDay()
}

export function dayOf(days: number, now = Date.now()): { month: number; day: number } {
  const at = inShanghai(now + days * DAY)
  return { month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

const WORKDAY = 420 // working minutes

/** A limit as text: working days on the working clock, else hours and minutes. */
export function formatLimit(minutes: number, clock: string): string {
  const words = wordsOf('workbench')
  if (clock === '24x7' || minutes < WORKDAY / 2) return formatDuration(minutes * MINUTE)
  const days = Math.round((minutes / WORKDAY) * 2) / 2
  return days === 0.5 ? words.halfday : fill(words.workdays, { n: days })
}
