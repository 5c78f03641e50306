// Opinions (意见): what was said, and its fate. Staff write down what somebody without a phone says or has on paper.
import { fetchCategories } from '@mini/domain/categories'
import { formatTime } from '@mini/domain/time'
import type { Option } from '@mini/domain/forms'
import type { ScreenProps } from '../app'
import type { Filters } from '../kit/address'
import { ListScreen } from '../kit/ListScreen'
import { listAttendance, listSubjects, type Activity, type Opinion } from '../subjects'
import { words } from '../words'
import {
  atColumn,
  dayField,
  dueColumn,
  endOfDay,
  filled,
  openOnes,
  placeColumn,
  placeField,
  stateColumn,
  textField,
  titleColumn,
} from './subjects/parts'
import { Speaker } from './subjects/Speaker'
import { choicesOf, type SubjectSpec } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const text = () => words().opinions
const BRIEF = 30 // characters of an opinion that a title begins with
const RECENT = 50 // activities to choose among

const briefOf = ({ text: said }: Opinion): string => (said ?? '').slice(0, BRIEF)

const categories = async (): Promise<Option[]> =>
  (await fetchCategories()).map(({ code, name }) => ({ value: code, words: name }))
const activities = async (): Promise<Option[]> =>
  (await listSubjects<Activity>('activities', {}, null, RECENT)).items.map(
    ({ id, kind_name, title, starts_at }) => ({
      value: id,
      words: `${formatTime(starts_at)} · ${kind_name} · ${title ?? ''}`,
    }),
  )
/** Who signed up for the activity at which it was said. */
const people = async (activity: unknown): Promise<Option[]> =>
  typeof activity === 'string'
    ? (await listAttendance(activity, null)).items.map(({ person_id, name }) => ({
        value: person_id,
        words: name ?? words().activities.unnamed,
      }))
    : []

const kinds = (): Promise<Option[]> => Promise.resolve(choicesOf(words().opinionKinds))

export const OPINIONS: SubjectSpec<Opinion> = {
  path: 'opinions',
  texts: text,
  states: () => words().opinionStates,
  acts: () => words().opinionActs,
  sorts: () => words().opinionKinds,
  label: (opinion) => `${opinion.kind_name} · ${briefOf(opinion)}`,
  filters: [
    { name: 'overdue', kind: 'switch', words: () => words().subjects.overdue },
    { name: 'to_tell', kind: 'switch', words: () => text().toTell },
  ],
  columns: [
    titleColumn(({ text: said }) => said, 'text'),
    { name: 'kind', words: () => words().subjects.kind, usual: true, cell: ({ kind_name }) => kind_name },
    placeColumn(),
    stateColumn(),
    {
      name: 'fate',
      words: () => text().fate,
      usual: true,
      spare: true,
      cell: ({ fate }) => [fate?.label, fate?.status_name].filter(Boolean).join(' · '),
    },
    dueColumn(),
    { name: 'author', words: () => words().subjects.author, cell: ({ author }) => author.label },
    atColumn(),
  ],
  fields: () => [
    textField(
      () => text().text,
      () => text().hint,
    ),
    { name: 'kind', kind: 'choice', required: true, options: kinds, label: () => words().subjects.kind },
    placeField(() => text().where),
    { name: 'activity_id', kind: 'choice', options: activities, label: () => text().activity },
    {
      name: 'person_id',
      kind: 'choice',
      optionsBy: { name: 'activity_id', load: people },
      label: () => text().person,
    },
    { name: 'name', kind: 'line', unless: 'person_id', label: () => text().name },
    { name: 'phone', kind: 'line', unless: 'person_id', label: () => text().phone },
    { name: 'room', kind: 'line', unless: 'person_id', label: () => text().room },
  ],
  initial: ({ source_id, place_id, kind }: Filters) => ({
    kind: kind || 'opinion',
    ...(source_id ? { activity_id: source_id } : {}),
    ...(place_id ? { place_id: { id: place_id } } : {}),
  }),
  body: (values) => {
    const { name, phone, room, ...rest } = filled(values)
    const speaker = { ...(name ? { name } : {}), ...(phone ? { phone } : {}) }
    if (rest['person_id']) return rest
    return { ...rest, ...(room ? { room } : {}), ...(name || phone ? { on_behalf_of: speaker } : {}) }
  },
  beside: (values) => !values['person_id'] && <p className="muted small">{text().paper}</p>,
  moves: {
    answer: { fields: () => [textField(() => text().answer)], tone: 'main' },
    to_ticket: {
      fields: () => [
        {
          name: 'category',
          kind: 'choice',
          required: true,
          options: categories,
          label: () => text().category,
        },
        { name: 'description', kind: 'text', label: () => text().description },
      ],
      initial: (opinion) => ({ description: opinion.text }),
      body: filled,
    },
    to_topic: {
      fields: () => [
        {
          name: 'topic_id',
          kind: 'choice',
          options: () => openOnes('topics'),
          label: () => words().subjects.existing,
        },
        {
          name: 'title',
          kind: 'line',
          required: true,
          unless: 'topic_id',
          label: () => words().subjects.orNew,
        },
      ],
      initial: (opinion) => ({ title: briefOf(opinion) }),
      body: (values) => (values['topic_id'] ? { topic_id: values['topic_id'] } : filled(values)),
    },
    to_project: {
      fields: () => [
        {
          name: 'project_id',
          kind: 'choice',
          options: () => openOnes('projects'),
          label: () => words().subjects.existing,
        },
        {
          name: 'title',
          kind: 'line',
          required: true,
          unless: 'project_id',
          label: () => words().subjects.orNew,
        },
        dayField({ unless: 'project_id' }),
      ],
      initial: (opinion) => ({ title: briefOf(opinion) }),
      body: ({ project_id, title, due_at }) =>
        project_id ? { project_id } : { title, due_at: endOfDay(due_at) },
    },
    note: { fields: () => [textField(() => text().note)] },
    tell: {},
    withdraw: { ask: true, tone: 'danger' },
  },
  facts: (opinion) => [
    [words().subjects.kind, opinion.kind_name],
    [text().speaker, opinion.speaker && <Speaker opinion={opinion} />],
  ],
  ways: () => [],
}

const LIST = listOf(OPINIONS)
export const Opinions = ({ id }: ScreenProps) => <ListScreen spec={LIST} opened={id} />
