// Where things of an offer are kept: its own place, and every place within it that ever had some.
import type { Option } from '@mini/domain/forms'
import { fill } from '@mini/i18n/index'
import type { Field } from '../../kit/fields'
import { getSubject, type Offer } from '../../subjects'
import { words } from '../../words'

/** A place, which may have had nothing of it so far. */
export const stationField = (label: string): Field => ({
  name: 'place_id',
  kind: 'place',
  required: true,
  label: () => label,
})

/** The stations of an offer, with what is left there; the offer's place is always one. */
export async function stationsOf(offer_id: unknown): Promise<Option[]> {
  if (typeof offer_id !== 'string' || !offer_id) return []
  const { stocks, place } = await getSubject<Offer>('offers', offer_id)
  const known = stocks.some((stock) => stock.place.id === place.id)
  return [...stocks, ...(known ? [] : [{ place, left: 0 }])].map(({ place: at, left }) => ({
    value: at.id,
    words: `${at.label} · ${fill(words().offers.leftOf, { n: left })}`,
  }))
}
