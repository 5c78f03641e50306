// What a pairing is to the console: its columns, forms, acts and facts.
import { formatTime, shanghaiTime } from '@mini/domain/time'
import type { Option } from '@mini/domain/forms'
import { fill } from '@mini/i18n/index'
import { listRosterPosts } from '@mini/services/duty'
import type { Field } from '../../kit/fields'
import type { Relationship } from '../../subjects'
import { words } from '../../words'
import { Due, filled, stateColumn, textField } from '../subjects/parts'
import { choicesOf, type SubjectSpec } from '../subjects/spec'
import { Sides } from './Sides'

const text = () => words().pairings
const WEEK = 7 // days until which a visit is asked for, unless said
const EVENING = 18 * 60 // minutes after midnight
const DAY = 24 * 3600_000

/** The posts that somebody holds: who can look after a household. */
const helpers = async (): Promise<Option[]> =>
  (await listRosterPosts()).map(({ post_id, title, name, unit }) => ({
    value: post_id,
    words: [name, title, unit.label].filter(Boolean).join(' · '),
  }))
const helperField = (): Field => ({
  name: 'post_id',
  kind: 'choice',
  required: true,
  options: helpers,
  label: () => text().helper,
})
const needField = (): Field => ({
  name: 'need',
  kind: 'choice',
  required: true,
  options: () => Promise.resolve(choicesOf(words().careNeeds)),
  label: () => text().need,
})
const yesNo = (): Promise<Option[]> =>
  Promise.resolve([
    { value: false, words: text().no },
    { value: true, words: text().yes },
  ])
const whyField = (label: () => string): Field => textField(label, undefined, false)

const helperOf = ({ sides }: Relationship): string =>
  sides
    .filter(({ role, left_at }) => role === 'helper' && !left_at)
    .map(({ label, agreed_at }) => (agreed_at ? label : fill(text().asked, { who: label })))
    .join('、')

/** How often the time of a visit has passed: twice in a row, and its head is told. */
function missedOf({ due_at, cadence_days, overdue }: Relationship): string {
  if (!overdue || !due_at || !cadence_days) return ''
  const times = 1 + Math.floor((Date.now() - Date.parse(due_at)) / (cadence_days * DAY))
  return fill(text().missed, { n: times })
}

export const PAIRINGS: SubjectSpec<Relationship> = {
  path: 'relationships',
  screen: 'pairings',
  only: { kind: 'pairing' },
  texts: text,
  states: () => words().relationshipStates,
  acts: () => words().relationshipActs,
  label: ({ title, place }) => title ?? place.label,
  filters: [{ name: 'overdue', kind: 'switch', words: () => text().late }],
  columns: [
    {
      name: 'title',
      words: () => text().household,
      usual: true,
      wide: true,
      cell: ({ title, place }) => title ?? place.label,
    },
    { name: 'helper', words: () => text().helper, usual: true, cell: helperOf },
    {
      name: 'reason',
      words: () => text().reason,
      usual: true,
      spare: true,
      cell: ({ reason_name }) => reason_name,
    },
    {
      name: 'due',
      words: () => text().next,
      usual: true,
      cell: (pairing) => (
        <>
          <Due subject={pairing} /> <span className="muted small">{missedOf(pairing)}</span>
        </>
      ),
    },
    {
      name: 'visited',
      words: () => text().visited,
      usual: true,
      spare: true,
      cell: ({ visited_at }) => visited_at && formatTime(visited_at),
    },
    {
      name: 'cadence',
      words: () => text().cadence,
      cell: ({ cadence_days }) => cadence_days && fill(text().days, { n: cadence_days }),
    },
    stateColumn(),
  ],
  fields: () => [
    { name: 'place_id', kind: 'place', required: true, label: () => text().building },
    { name: 'room', kind: 'line', required: true, label: () => text().room },
    helperField(),
    {
      name: 'reason',
      kind: 'choice',
      options: () => Promise.resolve(choicesOf(words().pairingReasons)),
      label: () => text().reason,
    },
    needField(),
    { name: 'agreed', kind: 'choice', options: yesNo, label: () => text().agreed },
    whyField(() => text().sealed),
  ],
  initial: ({ place_id }) => ({
    need: 'key',
    agreed: false,
    ...(place_id ? { place_id: { id: place_id } } : {}),
  }),
  body: (values) => ({ kind: 'pairing', ...filled(values) }),
  moves: {
    agree: {},
    call: {
      fields: () => [{ name: 'due_at', kind: 'until', required: true, label: () => text().visitBy }],
      initial: () => ({ due_at: shanghaiTime(WEEK, EVENING) }),
    },
    assess: {
      fields: () => [
        needField(),
        { name: 'sudden', kind: 'choice', options: yesNo, label: () => text().sudden },
        whyField(() => text().sealed),
      ],
      initial: () => ({ sudden: false }),
      body: filled,
    },
    hand_over: { fields: () => [helperField(), whyField(() => text().why)], body: filled },
    end: { fields: () => [whyField(() => text().why)], body: filled, tone: 'danger' },
  },
  facts: (pairing) => [
    [text().reason, pairing.reason_name],
    [text().cadence, pairing.cadence_days && fill(text().days, { n: pairing.cadence_days })],
    [text().visited, pairing.visited_at && formatTime(pairing.visited_at)],
    [text().since, pairing.starts_at && formatTime(pairing.starts_at)],
    [text().next, missedOf(pairing)],
  ],
  ways: ({ place, status }) =>
    status === 'active' || status === 'vacant'
      ? [{ href: `/activities?place_id=${place.id}&kind=care`, words: text().visits }]
      : [],
  More: ({ subject }) => <Sides relationship={subject} />,
}
