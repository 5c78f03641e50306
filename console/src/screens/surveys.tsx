// Surveys and votes (征询): drafted, opened, counted with the paper ballots, answered by the company, asked again.
import { formatTime, shanghaiTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import type { ScreenProps } from '../app'
import type { Field } from '../kit/fields'
import { ListScreen } from '../kit/ListScreen'
import type { Survey } from '../subjects'
import { words } from '../words'
import { FRESH } from './surveys/asked'
import { askedFields, askedOf, counts, end, own, title, valuesOf } from './surveys/form'
import { type Paper, ballotsOf } from './surveys/paper'
import { Result } from './surveys/Result'
import {
  atColumn,
  filled,
  ownPlace,
  placeColumn,
  stateColumn,
  textField,
  titleColumn,
  topicField,
} from './subjects/parts'
import { choicesOf, type SubjectSpec } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const text = () => words().surveys
const WEEK = 7 // days that a new one lasts, unless said
const QUARTER = 90 // days after which the same is asked again
const EVENING = 18 * 60 // minutes after midnight

const answeredOf = ({ answered, asked }: Survey): string =>
  asked ? fill(text().of, { n: answered, most: asked }) : String(answered)

const Ballots = own(() => import('./surveys/Ballots').then((all) => all.Ballots))
const reason = (label: () => string): Field[] => [textField(label)]

export const SURVEYS: SubjectSpec<Survey> = {
  path: 'surveys',
  texts: text,
  states: () => words().surveyStates,
  acts: () => words().surveyActs,
  sorts: () => words().surveyKinds,
  label: (survey) => `${survey.kind_name} · ${survey.title ?? ''}`,
  columns: [
    titleColumn(({ title: said }) => said),
    { name: 'kind', words: () => words().subjects.kind, usual: true, cell: ({ kind_name }) => kind_name },
    stateColumn(),
    { name: 'answered', words: () => text().answered, usual: true, cell: answeredOf },
    { name: 'until', words: () => text().until, usual: true, cell: ({ ends_at }) => formatTime(ends_at) },
    {
      name: 'organisation',
      words: () => text().company,
      usual: true,
      spare: true,
      cell: ({ organisation }) => organisation?.name,
    },
    placeColumn(),
    atColumn(false),
  ],
  fields: (filters) => [
    {
      name: 'kind',
      kind: 'choice',
      required: true,
      options: () => Promise.resolve(choicesOf(words().surveyKinds)),
      label: () => words().subjects.kind,
    },
    ...askedFields(),
    ...topicField(filters, () => text().source),
  ],
  initial: (filters) => ({
    kind: 'survey',
    questions: [FRESH],
    rule: { code: 'general' },
    ends_at: shanghaiTime(WEEK, EVENING),
    ...ownPlace(filters),
  }),
  body: (values, { source_id }) => ({ ...(source_id ? { source_id } : {}), ...askedOf(values) }),
  moves: {
    open: {
      fields: () => [end(), ...counts()],
      initial: ({ ends_at, asked: households, area }) => ({
        ends_at,
        ...(households ? { households } : {}),
        ...(area ? { area } : {}),
      }),
      body: filled,
    },
    edit: {
      fields: askedFields,
      initial: valuesOf,
      // A survey does not become a vote: its kind is not sent.
      body: (values) => ({ ...askedOf(values), kind: undefined }),
    },
    paper: {
      fields: (survey) => [
        {
          name: 'ballots',
          kind: 'own',
          Input: Ballots,
          about: survey,
          required: true,
          label: () => text().paper,
        },
      ],
      body: ({ ballots }) => ({ ballots: ballotsOf(ballots as Paper) }),
      refusedAt: 'ballots',
    },
    reply: { fields: () => reason(() => text().reply) },
    to_topic: {
      fields: ({ questions }) => [
        {
          name: 'question',
          kind: 'choice',
          label: () => text().topicOf,
          options: () =>
            Promise.resolve(questions.map((each, n) => ({ value: n, words: `${n + 1}. ${each.text}` }))),
        },
        { ...title(), required: false, label: () => words().subjects.orNew },
      ],
      body: filled,
    },
    repeat: {
      fields: () => [title(), end()],
      initial: ({ title: said }) => ({ title: said ?? '', ends_at: shanghaiTime(QUARTER, EVENING) }),
      body: filled,
    },
    close: { fields: () => reason(() => text().whyClose), tone: 'danger' },
    cancel: { fields: () => reason(() => text().whyCancel), tone: 'danger' },
  },
  facts: (survey) => [
    [text().until, formatTime(survey.ends_at)],
    [text().answered, answeredOf(survey)],
    [text().onPaper, survey.paper || ''],
    [text().company, survey.organisation?.name ?? ''],
    [text().total, survey.area ? `${survey.area} m²` : ''],
    [text().law, survey.rule ? `${survey.rule.name} · ${survey.rule.basis}` : ''],
  ],
  ways: ({ former_id, next_id }) => [
    ...(former_id ? [{ href: `/surveys/${former_id}`, words: text().former }] : []),
    ...(next_id ? [{ href: `/surveys/${next_id}`, words: text().next }] : []),
  ],
  More: Result,
}

const LIST = listOf(SURVEYS)
export const Surveys = ({ id }: ScreenProps) => <ListScreen spec={LIST} opened={id} />
