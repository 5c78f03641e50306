// Disputes (调解): for who heads the studio and its mediators, sealed for everybody else; offices see counts only.
import { lazy, Suspense } from 'react'
import { today } from '@mini/domain/dates'
import { rolesOf } from '@mini/domain/roles'
import { formatTime } from '@mini/domain/time'
import type { ActionValues } from '@mini/domain/types'
import type { Option } from '@mini/domain/forms'
import { fill } from '@mini/i18n/index'
import { listOrganisationsAt } from '@mini/services/organisations'
import { DISPUTE_COUNTERS, type ScreenProps } from '../app'
import { type Filters, useAddress } from '../kit/address'
import type { Field } from '../kit/fields'
import { ListScreen } from '../kit/ListScreen'
import type { ListSpec } from '../kit/listSpec'
import { Loading } from '../kit/Message'
import { useMe } from '../session'
import type { Dispute } from '../subjects'
import { words } from '../words'
import { Agreement } from './disputes/Agreement'
import { mediatorsOf } from './disputes/mediators'
import { atColumn, DueDay, filled, placeColumn, placeField, stateColumn, textField } from './subjects/parts'
import { choicesOf, type SubjectSpec } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const Counts = lazy(() => import('./disputes/Counts').then((all) => ({ default: all.Counts })))

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
    [text().court, dispute.agreement && fill(text().courtUntil, { day: dispute.agreement.court_until })],
  ],
  ways: ({ id, agreement }) => (agreement ? [{ href: `/agreement/${id}`, words: text().print }] : []),
  More: ({ subject }) => <Agreement dispute={subject} />,
}

const USUAL = listOf(DISPUTES)
const LIST: ListSpec<Dispute> = { ...USUAL, tabs: Tabs }

/** Offices and auditors begin with the counts: of a dispute itself they see nothing, unless they mediate it. */
const isCounted = (filters: Filters, roles: readonly string[]): boolean =>
  filters['tab']
    ? filters['tab'] === 'counts'
    : roles.some((role) => DISPUTE_COUNTERS.includes(role as never))

export function Disputes({ id }: ScreenProps) {
  const { filters, change } = useAddress('disputes')
  const roles = rolesOf(useMe())
  if (id || !isCounted(filters, roles)) return <ListScreen spec={LIST} opened={id} />
  return (
    <Suspense fallback={<Loading />}>
      <Counts tabs={<Tabs filters={filters} change={change} />} />
    </Suspense>
  )
}

interface TabsProps {
  filters: Filters
  change: (changed: Record<string, string>) => void
}

function Tabs({ filters, change }: TabsProps) {
  const roles = rolesOf(useMe())
  if (!roles.some((role) => DISPUTE_COUNTERS.includes(role))) return null
  return (
    <div className="tabs" role="group" aria-label={words().screens.disputes}>
      {(['counts', 'own'] as const).map((tab) => {
        const isOn = isCounted(filters, roles) === (tab === 'counts')
        return (
          <button
            key={tab}
            type="button"
            className={isOn ? 'tab on' : 'tab'}
            aria-pressed={isOn}
            onClick={() => change({ tab })}
          >
            {text()[`tab_${tab}`]}
          </button>
        )
      })}
    </div>
  )
}
