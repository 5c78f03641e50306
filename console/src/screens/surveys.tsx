// Surveys and votes (征询): drafted, opened, counted with the paper ballots, answered by the company, asked again.
import { lazy, Suspense } from 'react'
import { formatTime, shanghaiTime } from '@mini/domain/time'
import type { ActionValues } from '@mini/domain/types'
import type { Option } from '@mini/domain/forms'
import { fill } from '@mini/i18n/index'
import { listOrganisationsAt } from '@mini/services/organisations'
import type { ScreenProps } from '../app'
import type { Field, InputProps } from '../kit/fields'
import { ListScreen } from '../kit/ListScreen'
import type { Survey } from '../subjects'
import { words } from '../words'
import { FRESH, type OwnQuestion, questionsOf } from './surveys/asked'
import { type Paper, ballotsOf } from './surveys/paper'
import { Result } from './surveys/Result'
import {
  atColumn,
  filled,
  ownPlace,
  placeColumn,
  placeField,
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

const isVote = ({ kind }: ActionValues): boolean => kind === 'vote'
const answeredOf = ({ answered, asked }: Survey): string =>
  asked ? fill(text().of, { n: answered, most: asked }) : String(answered)

/** A control that is loaded with the form that needs it. */
function own(load: () => Promise<React.ComponentType<InputProps>>): React.ComponentType<InputProps> {
  const Input = lazy(async () => ({ default: await load() }))
  return (props) => (
    <Suspense fallback={null}>
      <Input {...props} />
    </Suspense>
  )
}
const Questions = own(() => import('./surveys/Questions').then((all) => all.Questions))
const Rule = own(() => import('./surveys/Rule').then((all) => all.Rule))
const Ballots = own(() => import('./surveys/Ballots').then((all) => all.Ballots))

const organisations = async (place: unknown): Promise<Option[]> =>
  place && typeof place === 'object' && 'id' in place
    ? (await listOrganisationsAt(String(place.id))).map(({ id, name }) => ({ value: id, words: name }))
    : []
/** The questions with one choice, by which a result can be divided. */
const dividing = (questions: unknown): Promise<Option[]> =>
  Promise.resolve(
    ((questions as OwnQuestion[] | undefined) ?? [])
      .map(({ kind, text: asked }, n) => ({ kind, value: n, words: `${n + 1}. ${asked}` }))
      .filter(({ kind }) => kind === 'choice'),
  )

const title = (): Field => ({
  name: 'title',
  kind: 'line',
  required: true,
  label: () => words().subjects.title,
})
const end = (): Field => ({ name: 'ends_at', kind: 'until', required: true, label: () => text().until })
const asked = (): Field[] => [
  { name: 'households', kind: 'number', label: () => text().households },
  { name: 'area', kind: 'number', label: () => text().area },
]
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
    title(),
    placeField(() => text().place),
    { name: 'questions', kind: 'own', Input: Questions, required: true, label: () => text().questions },
    { name: 'rule', kind: 'own', Input: Rule, required: true, when: isVote, label: () => text().rule },
    end(),
    ...asked(),
    {
      name: 'organisation_id',
      kind: 'choice',
      optionsBy: { name: 'place_id', load: organisations },
      label: () => text().organisation,
    },
    {
      name: 'group_by',
      kind: 'choice',
      optionsBy: { name: 'questions', load: dividing },
      when: (values) => !isVote(values),
      label: () => text().groupBy,
    },
    textField(() => words().subjects.text, undefined, false),
    ...topicField(filters, () => text().source),
  ],
  initial: (filters) => ({
    kind: 'survey',
    questions: [FRESH],
    rule: { code: 'general' },
    ends_at: shanghaiTime(WEEK, EVENING),
    ...ownPlace(filters),
  }),
  body: (values, { source_id }) => {
    const { rule, group_by, ...rest } = filled(values)
    return {
      ...(source_id ? { source_id } : {}),
      ...rest,
      questions: questionsOf(values['questions'] as OwnQuestion[], isVote(values)),
      ...(isVote(values) ? { rule } : group_by === undefined ? {} : { group_by }),
    }
  },
  moves: {
    open: {
      fields: () => [end(), ...asked()],
      initial: ({ ends_at, asked: households, area }) => ({
        ends_at,
        ...(households ? { households } : {}),
        ...(area ? { area } : {}),
      }),
      body: filled,
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
