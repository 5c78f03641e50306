// Moments as people say them, always in Shanghai's time; and how much of a limit is left.
import { fill, say } from '../i18n/index'

const SHANGHAI = 8 * 3600_000 // no daylight saving since 1991
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
export const SOON = 0.8 // of a limit; the holder is reminded then, too

const two = (n: number): string => String(n).padStart(2, '0')

export function ms(moment: string): number {
  return new Date(moment).getTime()
}

/** A date whose UTC fields read as Shanghai's. */
function there(at: number): Date {
  return new Date(at + SHANGHAI)
}

/** 今天 19:30, 昨天 08:05, 3月6日 17:30, 2025年3月6日 */
export function spoken(moment: string, now = Date.now()): string {
  const words = say('time')
  const at = there(ms(moment))
  const today = there(now)
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  const days = Math.floor(today.getTime() / DAY) - Math.floor(at.getTime() / DAY)
  if (days === 0) return fill(words.today, { clock })
  if (days === 1) return fill(words.yesterday, { clock })
  if (days === -1) return fill(words.tomorrow, { clock })
  const day = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), clock }
  return fill(day.year === today.getUTCFullYear() ? words.date : words.far, day)
}

/** How long, in its two largest units; seconds only when it gets close. */
export function lasting(length: number): string {
  const words = say('time')
  const [d, h, m, s] = [length / DAY, (length % DAY) / HOUR, (length % HOUR) / MINUTE, (length % MINUTE) / 1000].map(Math.floor) as [number, number, number, number]
  if (d) return fill(h ? words.daysHours : words.days, { d, h })
  if (h) return fill(m ? words.hoursMinutes : words.hours, { h, m })
  return fill(m ? words.minutesSeconds : words.seconds, { m, s: two(s), n: s })
}

export type Pressure = 'calm' | 'soon' | 'late'

export function pressure(start: number, due: number, now: number): Pressure {
  if (now >= due) return 'late'
  return now >= start + (due - start) * SOON ? 'soon' : 'calm'
}

/** Midnight of Shanghai's day, `days` ahead, plus minutes of that day; RFC 3339. */
export function ahead(days: number, minutes: number, now = Date.now()): string {
  const midnight = Math.floor((now + SHANGHAI) / DAY) * DAY - SHANGHAI
  return new Date(midnight + days * DAY + minutes * MINUTE).toISOString().replace(/\.\d+Z$/, 'Z')
}

export function weekday(days: number, now = Date.now()): number {
  return there(now + days * DAY).getUTCDay()
}

export function dayOf(days: number, now = Date.now()): { month: number; day: number } {
  const at = there(now + days * DAY)
  return { month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

const WORKDAY = 420 // working minutes

/** So many minutes of a limit's own clock, as people count them. */
export function worth(minutes: number, clock: string): string {
  const words = say('desk')
  if (clock === '24x7' || minutes < WORKDAY / 2) return lasting(minutes * MINUTE)
  const days = Math.round((minutes / WORKDAY) * 2) / 2
  return days === 0.5 ? words.halfday : fill(words.workdays, { n: days })
}
