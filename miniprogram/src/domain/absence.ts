// An absence as text.
import { fill, wordsOf } from '../i18n/index'
import { formatDay, today } from './dates'

export interface AbsentDays {
  absent_from?: string | null
  absent_until?: string | null
}

/** Return '' when there is no absence or it is over. */
export function absenceText({ absent_from, absent_until }: AbsentDays): string {
  if (!absent_from || (absent_until && absent_until < today())) return ''
  const words = wordsOf('office')
  return absent_until
    ? fill(words.away, { from: formatDay(absent_from), until: formatDay(absent_until) })
    : fill(words.awayOpen, { from: formatDay(absent_from) })
}
