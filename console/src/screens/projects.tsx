// Projects (项目): what was decided, who does it, until when.
import { fill } from '@mini/i18n/index'
import type { ScreenProps } from '../app'
import { ListScreen } from '../kit/ListScreen'
import type { Project } from '../subjects'
import { words } from '../words'
import {
  atColumn,
  dayField,
  dueColumn,
  endOfDay,
  filled,
  ownPlace,
  photosField,
  placeColumn,
  placeField,
  stateColumn,
  textField,
  titleColumn,
} from './subjects/parts'
import type { SubjectSpec } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const text = () => words().projects

export const PROJECTS: SubjectSpec<Project> = {
  path: 'projects',
  texts: text,
  states: () => words().projectStates,
  acts: () => words().projectActs,
  label: ({ title }) => title ?? '',
  filters: [{ name: 'overdue', kind: 'switch', words: () => words().subjects.overdue }],
  columns: [
    titleColumn(({ title }) => title),
    { name: 'owner', words: () => text().owner, usual: true, cell: ({ author }) => author.label },
    dueColumn(),
    stateColumn(),
    placeColumn(),
    atColumn(),
  ],
  fields: () => [
    { name: 'title', kind: 'line', required: true, label: () => words().subjects.title },
    textField(() => words().subjects.text, undefined, false),
    placeField(() => words().subjects.where),
    dayField(),
  ],
  initial: ownPlace,
  body: (values, { source_id }) => ({
    ...filled(values),
    due_at: endOfDay(values['due_at']),
    ...(source_id ? { source_id } : {}),
  }),
  moves: {
    start: {},
    report: { fields: () => [textField(() => text().report), photosField()], body: filled },
    finish: { fields: () => [textField(() => text().finish), photosField()], body: filled, tone: 'main' },
    review: { fields: () => [textField(() => text().review)] },
    postpone: {
      fields: () => [dayField(), textField(() => text().why)],
      body: ({ text: why, due_at }) => ({ text: why, due_at: endOfDay(due_at) }),
    },
    cancel: { fields: () => [textField(() => text().why)], tone: 'danger' },
  },
  facts: ({ author }) => [[text().owner, author.label]],
  ways: ({ id, opinions, status }) => [
    { href: `/opinions?outcome_id=${id}`, words: fill(text().opinions, { n: opinions }) },
    ...(['planned', 'doing'].includes(status)
      ? [{ href: `/reservations/new?outcome_id=${id}`, words: text().take }]
      : []),
  ],
}

const LIST = listOf(PROJECTS)
export const Projects = ({ id }: ScreenProps) => <ListScreen spec={LIST} opened={id} />
