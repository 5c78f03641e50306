// Who looks after whom, and who belongs to what (结对与协议), as a row of the table of kinds.
import { dayOfMoment, formatTime } from '../../domain/time'
import { formatDay } from '../../domain/dates'
import { fill, wordsOf } from '../../i18n/index'
import type { Relationship } from '../../services/shapes'
import type { Kind } from './kindTable'

const OPEN = ['proposed', 'active', 'vacant']

export const RELATIONSHIP: Kind<'relationship'> = {
  icon: 'care',
  tabs: {
    resident: [
      { key: 'mine', query: { mine: true, status: OPEN } },
      { key: 'over', query: { mine: true, status: ['ended'] } },
    ],
    staff: [
      { key: 'vacant', query: { kind: ['pairing'], status: ['vacant', 'proposed'] } },
      { key: 'active', query: { kind: ['pairing'], status: ['active'] } },
      { key: 'others', query: { kind: ['member', 'partner', 'volunteer'], status: OPEN } },
      { key: 'over', query: { status: ['ended'] } },
    ],
  },
  tones: { proposed: 'soon', active: 'good', vacant: 'late' },
  brief: (one) => [one.kind_name, ...present(one).map(partText), dueText(one)],
  facts: [
    ['sort', ({ kind_name }) => kind_name],
    ['reason', ({ reason_name }) => reason_name],
    ['cadence', ({ cadence_days: n }) => n !== null && fill(wordsOf('care').cadence, { n })],
    ['visited', ({ visited_at }) => visited_at && formatTime(visited_at)],
    ['nextVisit', (one) => one.status !== 'ended' && one.due_at && formatTime(one.due_at)],
    ['since', ({ starts_at }) => starts_at && formatDay(dayOfMoment(starts_at))],
    ['agreedUntil', ({ ends_at }) => ends_at && formatDay(dayOfMoment(ends_at))],
  ],
  related: [],
}

/** The sides that have not left. */
export const present = ({ sides }: Pick<Relationship, 'sides'>): Relationship['sides'] =>
  sides.filter(({ left_at }) => !left_at)

const partText = ({ role_name, label }: Relationship['sides'][number]): string => [role_name, label].join(' ')

const dueText = ({ status, due_at }: Relationship): string =>
  status !== 'ended' && due_at ? fill(wordsOf('care').due, { at: formatTime(due_at) }) : ''

/** What to do with a relationship that waits for somebody: a word of the section `care`. */
export function taskOf({
  status,
  to_admit,
  sides,
}: Relationship): 'taskVacant' | 'taskProposed' | 'taskAdmit' | '' {
  if (status === 'vacant') return 'taskVacant'
  if (status === 'proposed') return 'taskProposed'
  return to_admit?.length && present({ sides }).length ? 'taskAdmit' : ''
}
