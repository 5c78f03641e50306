// The offices somebody manages: their community, or their street with all its communities.
import { getPlace, listChildren } from '../services/places'
import type { Place } from '../services/shapes'

export async function communities(own: readonly string[]): Promise<Place[]> {
  return (await offices(own)).filter((place) => place.level === 'community')
}

/** Streets first. */
export async function offices(own: readonly string[]): Promise<Place[]> {
  const found = await Promise.all(
    own.map(async (id) => {
      const place = await getPlace(id)
      return place.level === 'street' ? [place, ...(await listChildren(id))] : [place]
    }),
  )
  const all = new Map(found.flat().map((place) => [place.id, place]))
  const of = (level: string): Place[] => [...all.values()].filter((place) => place.level === level)
  return [...of('street'), ...of('community')]
}
