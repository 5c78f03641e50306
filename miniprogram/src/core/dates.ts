// Days as dates (2026-10-01), always Shanghai's; months laid out in weeks beginning on Monday.
import { fill, say } from '../i18n/index'

const SHANGHAI = 8 * 3600_000
const DAY = 24 * 3600_000

export const today = (now = Date.now()): string => new Date(now + SHANGHAI).toISOString().slice(0, 10)
const at = (date: string): number => new Date(`${date}T00:00:00Z`).getTime()
export const plus = (date: string, days: number): string => new Date(at(date) + days * DAY).toISOString().slice(0, 10)

/** 10月1日; with its year when it is another one. */
export function spokenDay(date: string): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const said = fill(say('time').day, { month, day })
  return date.slice(0, 4) === today().slice(0, 4) ? said : `${year}年${said}`
}

/** The weeks of a month (2026-10): dates, '' outside it. */
export function weeks(month: string): string[][] {
  const first = `${month}-01`
  const lead = (new Date(at(first)).getUTCDay() + 6) % 7
  const days = Array.from({ length: 42 }, (_, n) => plus(first, n - lead)).map((date) => (date.startsWith(month) ? date : ''))
  return Array.from({ length: 6 }, (_, n) => days.slice(n * 7, n * 7 + 7)).filter((week) => week.some(Boolean))
}

export function monthPlus(month: string, n: number): string {
  const [year, of] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, of - 1 + n, 1)).toISOString().slice(0, 7)
}
