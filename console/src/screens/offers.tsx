// Offers (资源): what can be taken or borrowed here, how much of it is at which station, and what became of all of it.
import { fill } from '@mini/i18n/index'
import type { ScreenProps } from '../app'
import type { Field } from '../kit/fields'
import { ListScreen } from '../kit/ListScreen'
import type { Offer } from '../subjects'
import { words } from '../words'
import { stationField } from './offers/stations'
import { Stock } from './offers/Stock'
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
import { choicesOf, type SubjectSpec } from './subjects/spec'
import { listOf } from './subjects/SubjectList'

const text = () => words().offers

const quantity = (label = text().quantity): Field => ({
  name: 'quantity',
  kind: 'number',
  required: true,
  label: () => label,
})
const yesOrNo = () =>
  Promise.resolve([
    { value: false, words: text().atOnce },
    { value: true, words: text().afterYes },
  ])

/** 10分（居民）, or that it is free. */
const priceOf = ({ price, points }: Offer): string =>
  price && points ? fill(text().costs, { n: price, whose: words().circles[points] }) : text().free

export const OFFERS: SubjectSpec<Offer> = {
  path: 'offers',
  texts: text,
  states: () => words().offerStates,
  acts: () => words().offerActs,
  sorts: () => words().offerKinds,
  label: ({ kind_name, title }) => `${kind_name} · ${title ?? ''}`,
  columns: [
    { ...titleColumn(({ title }) => title), words: () => words().columns.name },
    { name: 'kind', words: () => words().subjects.kind, usual: true, cell: ({ kind_name }) => kind_name },
    {
      name: 'left',
      words: () => text().left,
      usual: true,
      cell: ({ left }) => (left === null ? text().uncounted : left),
    },
    {
      name: 'waiting',
      words: () => text().waiting,
      usual: true,
      spare: true,
      cell: ({ waiting }) => waiting || '',
    },
    { name: 'price', words: () => text().price, usual: true, spare: true, cell: priceOf },
    stateColumn(),
    {
      name: 'organisation',
      words: () => text().organisation,
      usual: true,
      spare: true,
      cell: ({ organisation }) => organisation?.name,
    },
    placeColumn(),
    atColumn(false),
  ],
  fields: () => [
    {
      name: 'kind',
      kind: 'choice',
      required: true,
      options: () => Promise.resolve(choicesOf(words().offerKinds)),
      label: () => words().subjects.kind,
    },
    { name: 'title', kind: 'line', required: true, label: () => text().name, hint: () => text().nameHint },
    placeField(() => text().station),
    { ...quantity(), required: false, when: ({ kind }) => kind !== 'service' },
    {
      name: 'days',
      kind: 'number',
      required: true,
      when: ({ kind }) => kind === 'loan',
      label: () => text().days,
    },
    { name: 'price', kind: 'number', label: () => text().priceField },
    {
      name: 'points',
      kind: 'choice',
      required: true,
      when: ({ price }) => Boolean(price),
      options: () =>
        Promise.resolve(
          choicesOf({ residents: words().circles.residents, members: words().circles.members }),
        ),
      label: () => text().whose,
    },
    { name: 'needs_grant', kind: 'choice', options: yesOrNo, label: () => text().grant },
    textField(() => words().subjects.text, undefined, false),
  ],
  initial: (filters) => ({ kind: 'loan', needs_grant: false, ...ownPlace(filters) }),
  body: (values) => {
    const { quantity: count, days, price, points, ...rest } = filled(values)
    return {
      ...rest,
      ...(rest['kind'] === 'service' || !count ? {} : { quantity: count }),
      ...(rest['kind'] === 'loan' ? { days } : {}),
      ...(price ? { price, points } : {}),
    }
  },
  moves: {
    release: {},
    stock: {
      fields: () => [quantity(text().bought), stationField(text().station)],
      initial: ({ place }) => ({ place_id: { id: place.id } }),
      body: filled,
    },
    write_off: {
      fields: ({ stocks }) => [
        quantity(text().broken),
        {
          name: 'place_id',
          kind: 'choice',
          required: true,
          options: () =>
            Promise.resolve(
              stocks.map(({ place, left }) => ({
                value: place.id,
                words: `${place.label} · ${fill(text().leftOf, { n: left })}`,
              })),
            ),
          label: () => text().station,
        },
        textField(() => text().whyBroken),
      ],
      initial: ({ stocks }) => ({ place_id: stocks[0]?.place.id ?? '' }),
      body: filled,
    },
    pause: {},
    resume: {},
    end: { fields: () => [textField(() => text().whyEnd)], tone: 'danger' },
  },
  facts: (offer) => [
    [text().left, offer.left === null ? text().uncounted : offer.left],
    [text().waiting, offer.waiting || ''],
    [text().price, priceOf(offer)],
    [text().lent, offer.days ? fill(text().lentFor, { n: offer.days }) : ''],
    [text().grant, offer.needs_grant ? text().afterYes : text().atOnce],
    [text().organisation, offer.organisation?.name],
    [words().subjects.state, offer.released ? '' : text().hidden],
  ],
  ways: ({ id, status, price }) => [
    { href: `/reservations?source_id=${id}`, words: text().taken },
    ...(status === 'open' && !price
      ? [{ href: `/reservations/new?source_id=${id}`, words: words().reservations.add }]
      : []),
  ],
  More: ({ subject }) => <Stock offer={subject} />,
}

const LIST = listOf(OFFERS)
export const Offers = ({ id }: ScreenProps) => <ListScreen spec={LIST} opened={id} />
