// The communities somebody runs: their own, or all of their street.
import { below, one } from '../services/places'
import type { Place } from '../services/shapes'

export async function communities(own: readonly string[]): Promise<Place[]> {
  const found = await Promise.all(own.map(async (id) => {
    const place = await one(id)
    return place.level === 'street' ? below(id) : [place]
  }))
  return [...new Map(found.flat().filter((place) => place.level === 'community').map((place) => [place.id, place])).values()]
}
