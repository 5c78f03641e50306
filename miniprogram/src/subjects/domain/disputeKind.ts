// Mediation (调解), as a row of the table of kinds. Only those who are in a dispute get it from the server.
import { formatDay, today } from '../../domain/dates'
import { dayOfMoment, formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import type { Dispute } from '../../services/shapes'
import type { Kind, SubjectTab } from './kindTable'
import { present } from './relationKinds'

const TABS: readonly SubjectTab[] = [
  {
    key: 'current',
    query: { status: ['asked', 'agreed_to', 'in_session', 'settled', 'breached', 'performed'] },
  },
  { key: 'over', query: { status: ['failed', 'withdrawn', 'closed'] } },
]

export const DISPUTE: Kind<'dispute'> = {
  icon: 'dispute',
  tabs: { resident: TABS, staff: TABS },
  tones: {
    asked: 'soon',
    agreed_to: 'info',
    in_session: 'soon',
    settled: 'good',
    performed: 'good',
    breached: 'late',
  },
  brief: (dispute) => [
    [dispute.kind_name, formatTime(dispute.created_at)].join(' · '),
    present(dispute)
      .filter(({ role }) => role === 'party')
      .map(({ label }) => label)
      .join('、'),
  ],
  facts: [
    ['sort', ({ kind_name }) => kind_name],
    ['place', ({ place }) => place.label],
    ['at', ({ created_at }) => formatTime(created_at)],
    ['returnVisit', ({ due_at }) => due_at && lastDayOf(due_at)],
    ['visited', ({ visited_at }) => visited_at && formatTime(visited_at)],
  ],
  related: [],
}

/** The day that ends with a moment. */
const lastDayOf = (moment: string): string =>
  formatDay(dayOfMoment(new Date(Date.parse(moment) - 1).toISOString()))

/** The agreement, line by line: what the law wants in it, and the last day for the court. */
export function agreementLines({ agreement }: Dispute): { key: number; label: string; words: string }[] {
  if (!agreement) return []
  const words = wordsOf('agreement')
  return [
    [words.form, agreement.form_name],
    [words.effective, formatDay(agreement.effective_on)],
    [words.parties, agreement.parties],
    [words.facts, agreement.facts],
    [words.terms, agreement.terms],
    [words.manner, agreement.manner],
    [words.period, agreement.period],
  ].map(([label, text], key) => ({ key, label: label!, words: text! }))
}

/** Until when both may ask the court to confirm the agreement. */
export function courtText({ agreement, status, actions }: Dispute): string {
  if (!agreement || status !== 'settled') return ''
  if (!actions.includes('apply') && agreement.court_until >= today()) return ''
  const { court, courtOver } = wordsOf('agreement')
  const sentence = agreement.court_until >= today() ? court : courtOver
  return fill(sentence, { day: formatDay(agreement.court_until) })
}
