// What is offered (物品、借用、服务) and who takes it, as rows of the table of kinds.
import { fill, labelOf, wordsOf } from '../../i18n/index'
import type { Offer, Reservation, Subject } from '../../services/shapes'
import { dayOfMoment, formatTime } from '../../domain/time'
import { formatDay } from '../../domain/dates'
import type { Kind } from './kindTable'

const THINGS = ['goods', 'consumable']

export const OFFER: Kind<'offer'> = {
  icon: 'list',
  tabs: {
    resident: [
      { key: 'loans', query: { status: ['open', 'paused'], kind: ['loan'] } },
      { key: 'goods', query: { status: ['open', 'paused'], kind: THINGS } },
      { key: 'services', query: { status: ['open', 'paused'], kind: ['service'] } },
    ],
    staff: [
      { key: 'loans', query: { status: ['open', 'paused'], kind: ['loan'] } },
      { key: 'goods', query: { status: ['open', 'paused'], kind: THINGS } },
      { key: 'services', query: { status: ['open', 'paused'], kind: ['service'] } },
      { key: 'ended', query: { status: ['ended'] } },
    ],
  },
  tones: { open: 'good', paused: 'soon' },
  brief: (offer) => [[priceText(offer), daysText(offer)].filter(Boolean).join(' · '), leftText(offer)],
  facts: [
    ['sort', ({ kind_name }) => kind_name],
    ['price', (offer) => priceText(offer)],
    ['days', (offer) => daysText(offer)],
    ['place', ({ place }) => place.label],
    ['left', (offer) => leftText(offer)],
    ['company', ({ organisation }) => organisation?.name],
  ],
  related: [{ noun: 'reservation', by: 'source_id' }],
}

export const RESERVATION: Kind<'reservation'> = {
  icon: 'check',
  tabs: {
    resident: [
      { key: 'current', query: { mine: true, status: ['asked', 'waiting', 'granted', 'out'] } },
      {
        key: 'over',
        query: { mine: true, status: ['done', 'back', 'refused', 'cancelled', 'expired', 'lost'] },
      },
    ],
    staff: [
      { key: 'granted', query: { status: ['granted'] } },
      { key: 'out', query: { status: ['out'] } },
      { key: 'wanted', query: { status: ['asked', 'waiting'] } },
      { key: 'over', query: { status: ['done', 'back', 'refused', 'cancelled', 'expired', 'lost'] } },
    ],
  },
  tones: { asked: 'soon', waiting: 'soon', granted: 'info', out: 'info', done: 'good', back: 'good' },
  brief: (reservation) => [
    [reservation.name, countOf(reservation)].filter(Boolean).join(' · '),
    whatNext(reservation),
  ],
  facts: [
    ['taker', ({ name }) => name],
    ['sort', ({ kind_name }) => kind_name],
    ['count', (reservation) => countOf(reservation)],
    ['paid', ({ paid }) => paid > 0 && fill(wordsOf('take').points, { n: paid })],
    ['station', ({ station }) => station?.label],
    ['collect', ({ status, collect_by }) => status === 'granted' && collect_by && formatTime(collect_by)],
    ['back', ({ back_by }) => back_by && lastDay(back_by)],
    ['at', ({ created_at }) => formatTime(created_at)],
  ],
  related: [],
}

export function priceText({ price }: Offer): string {
  return price ? fill(wordsOf('take').price, { n: price }) : wordsOf('take').free
}

const daysText = ({ days }: Offer): string => (days ? fill(wordsOf('take').days, { n: days }) : '')

function leftText({ kind, left, waiting }: Offer): string {
  const words = wordsOf('take')
  if (kind === 'service' || left === null) return ''
  return left ? fill(words.left, { n: left }) : fill(words.noneLeft, { n: waiting })
}

export const countOf = ({ quantity }: Reservation): string => fill(wordsOf('take').count, { n: quantity })

/** The moment with which a last day ends, as that day. */
export const lastDay = (moment: string): string =>
  formatDay(dayOfMoment(new Date(Date.parse(moment) - 1).toISOString()))

/** What somebody who reserved something has to know now. */
export function whatNext(reservation: Reservation): string {
  const words = wordsOf('take')
  const { status, collect_by, back_by, turn, station } = reservation
  if (status === 'waiting' && turn) return fill(words.turn, { n: turn })
  if (status === 'granted' && collect_by)
    return fill(station ? words.collectAt : words.collect, {
      at: formatTime(collect_by),
      place: station?.label ?? '',
    })
  if (status === 'out' && back_by) return fill(words.backBy, { day: lastDay(back_by) })
  return labelOf('takeState', status, '')
}

/** Places that have something left, the one that shares most of its address with the home first. */
export function stationsNear({ stocks }: Offer, home: string): Offer['stocks'] {
  const shared = (label: string): number => {
    const n = [...label].findIndex((sign, at) => sign !== home[at])
    return n < 0 ? label.length : n
  }
  return [...stocks].sort((one, other) => shared(other.place.label) - shared(one.place.label))
}

export const isTaken = (subject: Subject): boolean =>
  subject.noun === 'reservation' && ['asked', 'waiting', 'granted', 'out'].includes(subject.status)
