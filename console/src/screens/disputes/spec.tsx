// What a dispute is to the console: its columns, forms, acts and facts.
import { formatDay, today } from '@mini/domain/dates'
import { formatTime } from '@mini/domain/time'
import type { ActionValues } from '@mini/domain/types'
import type { Option } from '@mini/domain/forms'
import { fill } from '@mini/i18n/index'
import { listOrganisationsAt } from '@mini/services/organisations'
import type { Field } from '../../kit/fields'
import type { Dispute } from '../../subjects'
import { words } from '../../words'
import { atColumn, DueDay, filled, placeColumn, placeField, stateColumn, textField } from '../subjects/parts'
import { choicesOf, type SubjectSpec } from '../subjects/spec'
import { Agreement } from './Agreement'
import { mediatorsOf } from './mediators'

const text = () => words().disputes
const AGREEMENT = ['parties', 'facts', 'terms', 'manner', 'period'] as const // 人民调解法 29
const SEVERAL = /[、，,;；\n]+/ // between the names of parties

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const partiesOf = ({ sides }: Dispute): string =>
  sides
    .filter(({ role, left_at }) => role === 'party' && !left_at)
    .map(({ label }) => label)
    .join('、')

const studios = async (place: unknown): Promise<Option[]> =>
  place && typeof place === 'object' && 'id' in place
    ? (await listOrganisationsAt(String(place.id)))
        .filter(({ kind }) => kind === 'studio')
        .map(({ id, name }) => ({ value: id, words: name }))
    : []

const line = (name: string, label: () => string, required = true): Field => ({
  name,
  kind: 'line',
  required,
  label,
})
const day = (name: string, label: () => string): Field => ({ name, kind: 'day', required: true, label })
const person = (dispute: Dispute, mediates: boolean): Field => ({
  name: 'person_id',
  kind: 'choice',
  required: true,
  options: () => mediatorsOf(dispute.id, mediates),
  label: () => text().mediator,
})

export const DISPUTES: SubjectSpec<Dispute> = {
  path: 'disputes',
  byDay: true,
  texts: text,
  states: () => words().disputeStates,
  acts: () => words().disputeActs,
  sorts: () => words().disputeKinds,
  label: (dispute) => `${dispute.kind_name} · ${partiesOf(dispute)}`,
  columns: [
    { name: 'parties', words: () => text().parties, usual: true, wide: true, cell: partiesOf },
    { name: 'kind', words: () => words().subjects.kind, usual: true, cell: ({ kind_name }) => kind_name },
    stateColumn(),
    { name: 'visit', words: () => text().visitOn, usual: true, cell: (one) => <DueDay subject={one} /> },
    placeColumn(),
    atColumn(),
  ],
  fields: () => [
    {
      name: 'kind',
      kind: 'choice',
      required: true,
      options: () => Promise.resolve(choicesOf(words().disputeKinds)),
      label: () => words().subjects.kind,
    },
    placeField(() => words().subjects.where),
    {
      name: 'organisation_id',
      kind: 'choice',
      required: true,
      optionsBy: { name: 'place_id', load: studios },
      when: ({ place_id }) => Boolean(place_id),
      label: () => text().studio,
    },
    {
      ...line('parties', () => text().parties),
      hint: () => text().partiesHint,
    },
    textField(() => text().about),
  ],
  initial: ({ place_id }) => ({
    kind: 'dispute',
    ...(place_id ? { place_id: { id: place_id } } : {}),
  }),
  body: (values: ActionValues) => ({
    ...filled(values),
    parties: textOf(values['parties'])
      .split(SEVERAL)
      .map((name) => name.trim())
      .filter(Boolean)
      .map((name) => ({ name })),
  }),
  moves: {
    agree: {},
    start: {},
    record: { fields: () => [textField(() => text().record)] },
    settle: {
      fields: () => [
        {
          name: 'form',
          kind: 'choice',
          required: true,
          options: () => Promise.resolve(choicesOf(words().agreementForms)),
          label: () => text().form,
        },
        ...AGREEMENT.map((name) => ({
          name,
          kind: name === 'period' ? ('line' as const) : ('text' as const),
          required: true,
          label: () => text()[`of_${name}`],
        })),
        day('effective_on', () => text().effective),
        day('return_visit_on', () => text().visitOn),
      ],
      initial: () => ({ form: 'written', effective_on: today() }),
      body: ({ form, effective_on, return_visit_on, ...values }) => ({
        form,
        effective_on,
        return_visit_on,
        agreement: Object.fromEntries(AGREEMENT.map((name) => [name, values[name]])),
      }),
    },
    assign: { fields: (dispute) => [person(dispute, false)] },
    add_party: { fields: () => [line('name', () => text().party)] },
    recuse: {
      fields: (dispute) => [
        ...(dispute.actions.includes('assign') ? [person(dispute, true)] : []),
        textField(() => text().whyRecuse),
      ],
      body: filled,
    },
    apply: { ask: true },
    perform: { fields: () => [textField(() => text().kept, undefined, false)], body: filled },
    visit: { fields: () => [textField(() => text().visit)] },
    file: { ask: true },
    fail: { fields: () => [textField(() => text().whyFailed)] },
    breach: { fields: () => [textField(() => text().broken)], tone: 'danger' },
    withdraw: {
      fields: () => [textField(() => text().whyEnd, undefined, false)],
      body: filled,
      tone: 'danger',
    },
  },
  facts: (dispute) => [
    [text().visited, dispute.visited_at && formatTime(dispute.visited_at)],
    [
      text().court,
      dispute.agreement && fill(text().courtUntil, { day: formatDay(dispute.agreement.court_until) }),
    ],
  ],
  ways: ({ id, agreement }) => (agreement ? [{ href: `/agreement/${id}`, words: text().print }] : []),
  More: ({ subject }) => <Agreement dispute={subject} />,
}
