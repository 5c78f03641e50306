// Days as dates (2026-10-01) in Shanghai's time zone; months as weeks that start on Monday.
import { fill, wordsOf } from '../i18n/index'

const SHANGHAI = 8 * 3600_000
const DAY = 24 * 3600_000

export const today = (now = Date.now()): string => new Date(now + SHANGHAI).toISOString().slice(0, 10)
const millisOf = (date: string): number => new Date(`${date}T00:00:00Z`).getTime()
export const addDays = (date: string, days: number): string =>
  new Date(millisOf(date) + days * DAY).toISOString().slice(0, 10)

/** 10月1日; with the year when it is not the current one. */
export function formatDay(date: string): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const words = wordsOf('time')
  if (date.slice(0, 4) === today().slice(0, 4)) return fill(words.day, { month, day })
  return fill(words.far, { year, month, day, clock: '' }).replace(/ (?=\u2069?$)/, '') // without a time of day
}

/** The weeks of a month (2026-10) as dates; '' for days outside it. */
export function weeks(month: string): string[][] {
  const first = `${month}-01`
  const lead = (new Date(millisOf(first)).getUTCDay() + 6) % 7
  const days = Array.from({ length: 42 }, (_, n) => addDays(first, n - lead)).map((date) =>
    date.startsWith(month) ? date : '',
  )
  return Array.from({ length: 6 }, (_, n) => days.slice(n * 7, n * 7 + 7)).filter((week) =>
    week.some(Boolean),
  )
}

export function addMonths(month: string, n: number): string {
  const [year, of] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, of - 1 + n, 1)).toISOString().slice(0, 7)
}
