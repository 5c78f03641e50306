// Reservations (预约): the counter, where things are handed out and come back, by a code or by a name.
import { formatTime } from '@mini/domain/time'
import type { ActionValues } from '@mini/domain/types'
import type { Option } from '@mini/domain/forms'
import { fill } from '@mini/i18n/index'
import type { ScreenProps } from '../app'
import { ListScreen } from '../kit/ListScreen'
import type { ListSpec } from '../kit/listSpec'
import { listSubjects, type Offer, type Reservation } from '../subjects'
import { words } from '../words'
import { Counter, shownCode, toCounter } from './offers/Counter'
import { stationsOf } from './offers/stations'
import {
  atColumn,
  DueDay,
  filled,
  lastDayOf,
  placeColumn,
  stateColumn,
  textField,
  titleColumn,
} from './subjects/parts'
import type { SubjectSpec } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const text = () => words().reservations
const MOST = 100 // offers to choose among

/** What is free and can be reserved: what costs points is for its owner to redeem. */
const offers = async (): Promise<Option[]> =>
  (await listSubjects<Offer>('offers', { status: 'open' }, null, MOST)).items
    .filter(({ price, released }) => !price && released)
    .map(({ id, title, left, place }) => ({
      value: id,
      words: [title, place.label, left === null ? '' : fill(words().offers.leftOf, { n: left })]
        .filter(Boolean)
        .join(' · '),
    }))

/** Until when it is kept, or lent. */
function UntilWhen({ reservation }: { reservation: Reservation }) {
  const { status, collect_by } = reservation
  if (status === 'granted' && collect_by) return fill(text().collectBy, { at: formatTime(collect_by) })
  return <DueDay subject={reservation} />
}

const nameOf = ({ name }: Reservation): string => name ?? words().activities.unnamed
const whoOf = (reservation: Reservation) => (
  <>
    {nameOf(reservation)} <span className="ltr">{reservation.phone_masked}</span>
  </>
)

export const RESERVATIONS: SubjectSpec<Reservation> = {
  path: 'reservations',
  byDay: true,
  after: toCounter,
  texts: text,
  states: () => words().reservationStates,
  acts: () => words().reservationActs,
  sorts: () => words().offerKinds,
  label: (reservation) => `${reservation.title ?? ''} · ${nameOf(reservation)}`,
  filters: [{ name: 'overdue', kind: 'switch', words: () => text().late }],
  columns: [
    { ...titleColumn(({ title }) => title), words: () => text().what },
    { name: 'who', words: () => text().who, usual: true, cell: whoOf },
    { name: 'quantity', words: () => words().offers.quantity, cell: ({ quantity }) => quantity },
    stateColumn(),
    {
      name: 'until',
      words: () => words().subjects.due,
      usual: true,
      cell: (reservation) => <UntilWhen reservation={reservation} />,
    },
    {
      name: 'station',
      words: () => words().offers.station,
      usual: true,
      spare: true,
      cell: ({ station }) => station?.label,
    },
    { ...placeColumn(), usual: false },
    atColumn(),
  ],
  // For somebody without the program, by their name; or for a project, which the address names.
  fields: ({ outcome_id }) => [
    { name: 'offer_id', kind: 'choice', required: true, options: offers, label: () => text().what },
    ...(outcome_id
      ? []
      : [
          { name: 'name', kind: 'line', required: true, label: () => text().name } as const,
          { name: 'phone', kind: 'line', label: () => words().opinions.phone } as const,
        ]),
    {
      name: 'place_id',
      kind: 'choice',
      optionsBy: { name: 'offer_id', load: stationsOf },
      label: () => words().offers.station,
    },
    { name: 'quantity', kind: 'number', label: () => words().offers.quantity },
  ],
  initial: ({ source_id }) => (source_id ? { offer_id: source_id } : {}),
  body: (values: ActionValues, { outcome_id }) => {
    const { name, phone, ...rest } = filled(values)
    return outcome_id
      ? { ...rest, project_id: outcome_id }
      : { ...rest, on_behalf_of: { name, ...(phone ? { phone } : {}) } }
  },
  beside: ({ name }) => name !== undefined && <p className="muted small">{text().paper}</p>,
  moves: {
    grant: {},
    hand_out: {
      // A code that was scanned, or nobody's: there is nothing left to ask.
      fields: ({ id, on_behalf, outcome }) =>
        on_behalf || outcome || shownCode(id)
          ? []
          : [
              {
                name: 'code',
                kind: 'line',
                required: true,
                label: () => text().code,
                hint: () => text().codeHint,
              },
            ],
      body: ({ code }, { id }) => {
        const given = code ?? shownCode(id)
        return given ? { code: given } : {}
      },
      refusedAt: 'code',
    },
    give_back: {
      fields: ({ source_id }) => [
        {
          name: 'place_id',
          kind: 'choice',
          options: () => stationsOf(source_id),
          label: () => text().backAt,
        },
      ],
      initial: ({ station }) => (station ? { place_id: station.id } : {}),
      body: filled,
    },
    // Asked first: a code that is scanned while the drawer has the focus is keys, too; only 1 is in no code.
    cancel: { ask: true, tone: 'danger' },
    refuse: { fields: () => [textField(() => text().whyNot)], tone: 'danger' },
    write_off: { fields: () => [textField(() => text().whyLost)], tone: 'danger' },
  },
  facts: (reservation) => [
    [text().who, whoOf(reservation)],
    [words().offers.quantity, reservation.quantity],
    [words().offers.station, reservation.station?.label],
    [text().collect, reservation.collect_by && formatTime(reservation.collect_by)],
    [text().back, reservation.back_by && lastDayOf(reservation.back_by)],
    [text().paid, reservation.paid || ''],
  ],
  ways: () => [],
}

const LIST: ListSpec<Reservation> = { ...listOf(RESERVATIONS), tabs: Counter }
export const Reservations = ({ id }: ScreenProps) => <ListScreen spec={LIST} opened={id} />
