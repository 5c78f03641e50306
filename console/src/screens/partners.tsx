// Partners (共建): three lists, what is needed, what is offered, what is done about it; and the agreements, which end.
import { lazy, Suspense } from 'react'
import { formatTime, shanghaiTime } from '@mini/domain/time'
import type { Option } from '@mini/domain/forms'
import { listOrganisationsAt } from '@mini/services/organisations'
import type { ScreenProps } from '../app'
import { useAddress } from '../kit/address'
import { ListScreen } from '../kit/ListScreen'
import type { AddressProps, ListSpec } from '../kit/listSpec'
import { Loading } from '../kit/Message'
import { Screen } from '../kit/Screen'
import type { Relationship } from '../subjects'
import { Tabs } from '../kit/Tabs'
import { words } from '../words'
import { Sides } from './pairings/Sides'
import { filled, ownPlace, placeColumn, placeField, stateColumn, textField } from './subjects/parts'
import type { SubjectSpec } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const ThreeLists = lazy(() => import('./partners/ThreeLists').then((all) => ({ default: all.ThreeLists })))

const text = () => words().partners
const YEAR = 365 // days that an agreement lasts, unless said
const EVENING = 18 * 60 // minutes after midnight
const SOON = 60 * 24 * 3600_000 // before its end one thinks of the next

const organisations = async (place: unknown): Promise<Option[]> =>
  place && typeof place === 'object' && 'id' in place
    ? (await listOrganisationsAt(String(place.id))).map(({ id, name, kind_name }) => ({
        value: id,
        words: `${name} · ${kind_name}`,
      }))
    : []

const isEnding = ({ ends_at, status }: Relationship): boolean =>
  status === 'active' && ends_at !== null && Date.parse(ends_at) - Date.now() < SOON

function End({ agreement }: { agreement: Relationship }) {
  const { ends_at } = agreement
  return (
    ends_at && (
      <span className={isEnding(agreement) ? 'due late' : 'due'}>
        {formatTime(ends_at)} {isEnding(agreement) && text().soon}
      </span>
    )
  )
}

export const PARTNERS: SubjectSpec<Relationship> = {
  path: 'relationships',
  screen: 'partners',
  only: { kind: 'partner' },
  texts: text,
  states: () => words().relationshipStates,
  acts: () => words().relationshipActs,
  label: ({ title, place }) => title ?? place.label,
  columns: [
    { name: 'title', words: () => text().partner, usual: true, wide: true, cell: ({ title }) => title },
    { name: 'until', words: () => text().until, usual: true, cell: (one) => <End agreement={one} /> },
    {
      name: 'since',
      words: () => words().pairings.since,
      usual: true,
      spare: true,
      cell: ({ starts_at }) => starts_at && formatTime(starts_at),
    },
    stateColumn(),
    placeColumn(),
  ],
  fields: () => [
    placeField(() => words().subjects.where),
    {
      name: 'organisation_id',
      kind: 'choice',
      required: true,
      optionsBy: { name: 'place_id', load: organisations },
      label: () => text().partner,
    },
    { name: 'ends_at', kind: 'until', required: true, label: () => text().until },
    textField(() => text().promise, undefined, false),
  ],
  initial: (filters) => ({ ...ownPlace(filters), ends_at: shanghaiTime(YEAR, EVENING) }),
  body: (values) => ({ kind: 'partner', ...filled(values) }),
  beside: () => <p className="muted small">{text().organisationHint}</p>,
  moves: {
    agree: {},
    end: {
      fields: () => [textField(() => words().pairings.why, undefined, false)],
      body: filled,
      tone: 'danger',
    },
  },
  facts: (agreement) => [
    [text().until, agreement.ends_at && <End agreement={agreement} />],
    [words().pairings.since, agreement.starts_at && formatTime(agreement.starts_at)],
  ],
  ways: () => [],
  More: ({ subject }) => <Sides relationship={subject} />,
}

const LIST: ListSpec<Relationship> = { ...listOf(PARTNERS), tabs: Sheets }

export function Partners({ id }: ScreenProps) {
  const { filters, change } = useAddress('partners')
  if (id || filters['tab'] === 'agreements') return <ListScreen spec={LIST} opened={id} />
  return (
    <Screen title={words().screens.partners} lead={text().lead}>
      <Sheets filters={filters} change={change} />
      <Suspense fallback={<Loading />}>
        <ThreeLists />
      </Suspense>
    </Screen>
  )
}

const TABS = ['lists', 'agreements'] as const

function Sheets({ filters, change }: AddressProps) {
  return (
    <Tabs
      label={words().screens.partners}
      tabs={Object.fromEntries(TABS.map((tab) => [tab, text()[tab]]))}
      on={TABS.find((tab) => tab === filters['tab']) ?? 'lists'}
      choose={(tab) => change({ tab: tab === 'lists' ? '' : tab })}
    />
  )
}
