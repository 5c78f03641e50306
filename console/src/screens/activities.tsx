// Activities (活动): visits, meetings, events: their time and room, who came, their minutes.
import { shanghaiTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import type { ScreenProps } from '../app'
import type { Field } from '../kit/fields'
import { ListScreen } from '../kit/ListScreen'
import type { Activity } from '../subjects'
import { words } from '../words'
import { Attendance } from './activities/Attendance'
import { Minutes } from './activities/Minutes'
import { Taken } from './activities/Taken'
import { nextRun, nextRunOf, RUNNING, runsOf } from './activities/runs'
import { whenOf } from './activities/when'
import {
  atColumn,
  filled,
  ownPlace,
  photosField,
  placeColumn,
  placeField,
  stateColumn,
  textField,
  titleColumn,
  topicField,
} from './subjects/parts'
import { choicesOf, type SubjectSpec, type Way } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const text = () => words().activities
const MORNING = 9 * 60 // minutes after midnight at which a new one begins, unless said
const HOUR = 60

function signedOf({ signed_up, capacity, waiting }: Activity): string {
  const taken = capacity ? fill(text().of, { n: signed_up, most: capacity }) : String(signed_up)
  return [taken, waiting && fill(text().waiting, { n: waiting })].filter(Boolean).join(' · ')
}

const times = (): Field[] => [
  { name: 'starts_at', kind: 'until', required: true, label: () => text().from },
  { name: 'ends_at', kind: 'until', required: true, label: () => text().until },
]

export const ACTIVITIES: SubjectSpec<Activity> = {
  path: 'activities',
  texts: text,
  states: () => words().activityStates,
  acts: () => words().activityActs,
  sorts: () => words().activityKinds,
  filters: [{ name: 'one_a_series', kind: 'switch', words: () => text().once }],
  label: ({ kind_name, title }) => `${kind_name} · ${title ?? ''}`,
  columns: [
    titleColumn(({ title }) => title),
    { name: 'kind', words: () => words().subjects.kind, usual: true, cell: ({ kind_name }) => kind_name },
    { name: 'when', words: () => text().when, usual: true, cell: whenOf },
    { name: 'venue', words: () => text().venue, usual: true, spare: true, cell: ({ venue }) => venue },
    stateColumn(),
    { name: 'signed', words: () => text().signed, usual: true, spare: true, cell: signedOf },
    {
      name: 'headcount',
      words: () => text().headcount,
      usual: true,
      spare: true,
      cell: ({ headcount }) => headcount,
    },
    { name: 'runs', words: () => text().runs, usual: true, spare: true, cell: runsOf },
    { name: 'opinions', words: () => words().screens.opinions, cell: ({ opinions }) => opinions },
    placeColumn(),
    atColumn(false),
  ],
  fields: (filters) => [
    {
      name: 'kind',
      kind: 'choice',
      required: true,
      options: () => Promise.resolve(choicesOf(words().activityKinds)),
      label: () => words().subjects.kind,
    },
    { name: 'title', kind: 'line', required: true, label: () => words().subjects.title },
    ...times(),
    { name: 'venue', kind: 'line', label: () => text().venue, hint: () => text().venueHint },
    placeField(() => words().subjects.where),
    { name: 'capacity', kind: 'number', label: () => text().capacity },
    textField(() => words().subjects.text, undefined, false),
    ...topicField(filters, () => text().source),
  ],
  initial: (filters) => ({
    kind: filters['kind'] || 'meeting',
    starts_at: shanghaiTime(1, MORNING),
    ends_at: shanghaiTime(1, MORNING + HOUR),
    ...ownPlace(filters),
    ...nextRun(filters),
  }),
  body: (values, { source_id, series }) => ({
    ...(source_id ? { source_id } : {}),
    ...(series ? { series } : {}),
    ...filled(values),
  }),
  refusedAt: 'venue',
  beside: (values) => <Taken values={values} />,
  moves: {
    publish: {},
    start: {},
    close: {
      fields: () => [
        {
          name: 'headcount',
          kind: 'number',
          label: () => text().headcount,
          hint: () => text().headcountHint,
        },
        textField(
          () => text().minutes,
          () => text().minutesHint,
          false,
        ),
        photosField(),
      ],
      body: filled,
    },
    minutes: {
      fields: () => [
        textField(
          () => text().minutes,
          () => text().minutesHint,
        ),
        photosField(),
      ],
      initial: ({ result }) => ({ text: result ?? '' }),
      body: filled,
    },
    sign_up: { unversioned: true },
    cancel_sign_up: { unversioned: true },
    check_in: { elsewhere: true },
    confirm: { elsewhere: true },
    reschedule: {
      fields: () => [...times(), textField(() => text().why, undefined, false)],
      initial: ({ starts_at, ends_at }) => ({ starts_at, ends_at }),
      body: filled,
      refusedAt: 'starts_at',
    },
    cancel: { fields: () => [textField(() => text().why)], tone: 'danger' },
  },
  facts: (activity) => [
    [text().when, whenOf(activity)],
    [text().venue, activity.venue],
    [text().signed, signedOf(activity)],
    [text().headcount, activity.headcount],
    [text().runs, runsOf(activity)],
  ],
  ways: (activity) => [
    ...(activity.series ? [{ href: `/activities?series=${activity.series}`, words: text().allRuns }] : []),
    ...(activity.status !== 'cancelled' && RUNNING.has(activity.kind)
      ? [{ href: nextRunOf(activity), words: text().nextRun }]
      : []),
    ...waysToOpinions(activity),
  ],
  More: ({ subject, onChange }) => (
    <>
      <Minutes activity={subject} />
      <Attendance activity={subject} onChange={onChange} />
    </>
  ),
}

function waysToOpinions({ id, place, opinions, status }: Activity): Way[] {
  return [
    { href: `/opinions?source_id=${id}`, words: fill(text().opinions, { n: opinions }) },
    ...(status === 'cancelled'
      ? []
      : [{ href: `/opinions/new?source_id=${id}&place_id=${place.id}`, words: text().hear }]),
  ]
}

const LIST = listOf(ACTIVITIES)
export const Activities = ({ id }: ScreenProps) => <ListScreen spec={LIST} opened={id} />
