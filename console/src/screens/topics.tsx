// Topics (议题): raised, discussed, decided, done. A board with a column for each status, or a list.
import { fill } from '@mini/i18n/index'
import type { ScreenProps } from '../app'
import type { Filters } from '../kit/address'
import { DataTable } from '../kit/DataTable'
import { ListScreen } from '../kit/ListScreen'
import type { AddressProps, ListSpec } from '../kit/listSpec'
import type { Topic } from '../subjects'
import { Tabs } from '../kit/Tabs'
import { words } from '../words'
import { Board } from './subjects/Board'
import {
  atColumn,
  filled,
  ownPlace,
  placeColumn,
  placeField,
  stateColumn,
  textField,
  titleColumn,
} from './subjects/parts'
import type { SubjectSpec } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const text = () => words().topics
const supportOf = ({ supporters, threshold }: Topic): string =>
  fill(text().of, { n: supporters, most: threshold })

export const TOPICS: SubjectSpec<Topic> = {
  path: 'topics',
  texts: text,
  states: () => words().topicStates,
  acts: () => words().topicActs,
  label: ({ title }) => title ?? '',
  columns: [
    titleColumn(({ title }) => title),
    stateColumn(),
    { name: 'supporters', words: () => text().supporters, usual: true, cell: supportOf },
    placeColumn(),
    {
      name: 'author',
      words: () => words().subjects.author,
      usual: true,
      spare: true,
      cell: ({ author }) => author.label,
    },
    atColumn(),
  ],
  fields: () => [
    { name: 'title', kind: 'line', required: true, label: () => words().subjects.title },
    textField(() => words().subjects.text, undefined, false),
    placeField(() => words().subjects.where),
  ],
  initial: ownPlace,
  body: (values, { source_id }) => ({ ...filled(values), ...(source_id ? { source_id } : {}) }),
  moves: {
    release: {
      fields: () => [{ name: 'threshold', kind: 'number', label: () => text().threshold }],
      initial: ({ threshold }) => ({ threshold }),
      body: filled,
    },
    support: { unversioned: true },
    withdraw_support: { unversioned: true },
    set: {},
    discuss: {},
    decide: { fields: () => [textField(() => text().decide)] },
    do: {},
    finish: { fields: () => [textField(() => text().finish)] },
    review: { fields: () => [textField(() => text().review)] },
    decline: { fields: () => [textField(() => text().decline)], tone: 'danger' },
  },
  facts: (topic) => [
    [text().supporters, supportOf(topic)],
    [words().subjects.state, topic.released ? '' : text().hidden],
  ],
  ways: ({ id, place, opinions, projects, status }) => {
    const belonging = `source_id=${id}&place_id=${place.id}`
    const isGoingOn = !['declined', 'reviewed'].includes(status)
    return [
      { href: `/opinions?outcome_id=${id}`, words: fill(text().opinions, { n: opinions }) },
      { href: `/projects?source_id=${id}`, words: fill(text().projects, { n: projects }) },
      { href: `/activities?source_id=${id}`, words: text().meetings },
      ...(isGoingOn
        ? [
            { href: `/activities/new?${belonging}`, words: text().meet },
            { href: `/projects/new?${belonging}`, words: text().plan },
          ]
        : []),
    ]
  },
}

const STATES = Object.keys(words().topicStates)
const isList = ({ tab }: Filters): boolean => tab === 'list'
const standing = ({ status }: Topic): number => STATES.indexOf(status)

const LIST: ListSpec<Topic> = {
  ...listOf(TOPICS),
  tabs: Shapes,
  arrange: (rows, filters) =>
    isList(filters) ? rows : [...rows].sort((one, other) => standing(one) - standing(other)),
  Rows: (props) =>
    isList(props.filters) ? (
      <DataTable {...props} />
    ) : (
      <Board {...props} states={words().topicStates} stateOf={({ status }) => status} note={supportOf} />
    ),
}

export const Topics = ({ id }: ScreenProps) => <ListScreen spec={LIST} opened={id} />

function Shapes({ filters, change }: AddressProps) {
  return (
    <Tabs
      label={words().screens.topics}
      tabs={{ board: words().subjects.board, list: words().subjects.list }}
      on={isList(filters) ? 'list' : 'board'}
      choose={(tab) => change({ tab: tab === 'list' ? tab : '' })}
    />
  )
}
