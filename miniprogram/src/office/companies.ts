// Companies and departments of a community: those that serve one of its estates. The API lists them by place only.
import { servingAt } from '../services/organisations'
import { below } from '../services/places'
import type { Organisation } from '../services/shapes'

export async function companies(community: string): Promise<Organisation[]> {
  const places = [community, ...(await below(community)).map((place) => place.id)]
  const found = (await Promise.all(places.map(servingAt))).flat()
  return [...new Map(found.map((each) => [each.id, each])).values()].sort((a, b) => b.kind.localeCompare(a.kind))
}
