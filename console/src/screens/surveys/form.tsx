// What a survey asks, as a form: of a new one and of a draft that is edited.
import { lazy, Suspense } from 'react'
import type { ActionValues } from '@mini/domain/types'
import type { Option } from '@mini/domain/forms'
import { listOrganisationsAt } from '@mini/services/organisations'
import type { Field, InputProps } from '../../kit/fields'
import type { Survey } from '../../subjects'
import { words } from '../../words'
import { filled, placeField, textField } from '../subjects/parts'
import { type OwnQuestion, questionsOf, typedOf } from './asked'

const text = () => words().surveys
const isVote = ({ kind }: ActionValues): boolean => kind === 'vote'

/** A control that is loaded with the form that needs it. */
export function own(load: () => Promise<React.ComponentType<InputProps>>): React.ComponentType<InputProps> {
  const Input = lazy(async () => ({ default: await load() }))
  return (props) => (
    <Suspense fallback={null}>
      <Input {...props} />
    </Suspense>
  )
}
const Questions = own(() => import('./Questions').then((all) => all.Questions))
const Rule = own(() => import('./Rule').then((all) => all.Rule))

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

export const title = (): Field => ({
  name: 'title',
  kind: 'line',
  required: true,
  label: () => words().subjects.title,
})
export const end = (): Field => ({
  name: 'ends_at',
  kind: 'until',
  required: true,
  label: () => text().until,
})
/** How many are asked. */
export const counts = (): Field[] => [
  { name: 'households', kind: 'number', label: () => text().households },
  { name: 'area', kind: 'number', label: () => text().area },
]

export const askedFields = (): Field[] => [
  title(),
  placeField(() => text().place),
  { name: 'questions', kind: 'own', Input: Questions, required: true, label: () => text().questions },
  { name: 'rule', kind: 'own', Input: Rule, required: true, when: isVote, label: () => text().rule },
  end(),
  ...counts(),
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
]

/** What is filled in, as the API takes it. */
export function askedOf(values: ActionValues): Record<string, unknown> {
  const { rule, group_by, ...rest } = filled(values)
  return {
    ...rest,
    questions: questionsOf(values['questions'] as OwnQuestion[], isVote(values)),
    ...(isVote(values) ? { rule } : group_by === undefined ? {} : { group_by }),
  }
}

/** What a draft asks, as the form has it. */
export function valuesOf(survey: Survey): ActionValues {
  const { kind, title: named, text: said, place, questions, ends_at, asked, area, organisation } = survey
  const known = {
    households: asked,
    area,
    organisation_id: organisation?.id,
    group_by: survey.group_by,
    text: said,
  }
  return {
    kind,
    title: named ?? '',
    place_id: { id: place.id, label: place.label },
    questions: typedOf(questions),
    rule: ruleOf(survey.rule),
    ends_at,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null && value !== undefined)),
  }
}

/** A rule of the law by its name; the office's own with its shares and what they rest on. */
function ruleOf(rule: Survey['rule']): object {
  if (rule?.code !== 'own') return { code: rule?.code ?? 'general' }
  const { turnout_heads, turnout_area, majority_heads, majority_area, basis } = rule
  const shares = { turnout_heads, turnout_area, majority_heads, majority_area, basis }
  return { code: 'own', ...Object.fromEntries(Object.entries(shares).filter(([, share]) => share)) }
}
