// The forms of offers and reservations.
import type { Option } from '../../domain/forms'
import type { Subject } from '../../services/shapes'
import { getSubject } from '../../services/subjects'
import { ASKED, AT_ONCE, said, type SubjectField, type SubjectForm, text } from './formParts'

const quantity: SubjectField = { name: 'quantity', kind: 'number', required: true, words: 'quantity' }

/** Where it is kept, or has been: the places that the offer has a stock at, its own among them. */
async function stations(subject: Subject): Promise<Option[]> {
  const offer = subject.noun === 'reservation' ? await getSubject('offer', subject.source_id!) : subject
  if (offer.noun !== 'offer') return []
  const station = subject.noun === 'reservation' ? subject.station : null
  const all = [...offer.stocks.map(({ place }) => place), offer.place]
  return [...new Map(all.map((place) => [place.id, place])).values()].map(({ id, label }) => ({
    value: id,
    words: label,
    preselected: id === (station ?? offer.place).id,
  }))
}
const station = (words: string): SubjectField => ({
  name: 'place_id',
  kind: 'choice',
  required: true,
  options: stations,
  words,
})

export const OFFER_FORMS: Readonly<Record<string, SubjectForm>> = {
  'offer.release': AT_ONCE,
  'offer.stock': { fields: [quantity, station('stationIn')], tone: 'main' },
  'offer.resume': AT_ONCE,
  'offer.pause': ASKED,
  'offer.write_off': { fields: [quantity, station('stationIn'), text('lossWhy')] },
  'offer.end': said('endWhy', 'danger'),

  'reservation.grant': AT_ONCE,
  'reservation.hand_out': {
    fields: [
      { name: 'code', kind: 'line', words: 'pickupCode' },
      { name: 'infoByName', kind: 'info' },
    ],
    tone: 'main',
  },
  'reservation.give_back': { fields: [station('stationBack')], tone: 'main' },
  'reservation.refuse': said('refuseWhy', 'danger'),
  'reservation.write_off': said('lostWhy', 'danger'),
  'reservation.cancel': { ...ASKED, tone: 'danger' },
}
