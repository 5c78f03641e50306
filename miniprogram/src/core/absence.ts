// How an absence reads: away from when to when, or on duty.
import { fill, say } from '../i18n/index'
import { spokenDay, today } from './dates'

export interface AbsentDays {
  absent_from?: string | null
  absent_until?: string | null
}

/** '' when there is none, or it is over. */
export function absenceOf({ absent_from, absent_until }: AbsentDays): string {
  if (!absent_from || (absent_until && absent_until < today())) return ''
  const words = say('office')
  return absent_until ? fill(words.away, { from: spokenDay(absent_from), until: spokenDay(absent_until) }) : fill(words.awayOpen, { from: spokenDay(absent_from) })
}
