// Places: the tree, search by address, scenes of stairwell codes.
import { request } from '../platform/request'
import { listAll } from './pages'
import type { FoundPlace, List, Place, PlacePath } from './shapes'

export const searchPlaces = (q: string): Promise<List<FoundPlace>> =>
  request({ path: '/places/search', query: { q, limit: 10 } })
export const getPlace = (id: string): Promise<PlacePath> => request({ path: `/places/${id}` })
export const getPlaceOfScene = (scene: string): Promise<PlacePath> =>
  request({ path: `/scenes/${encodeURIComponent(scene)}` })

/** All children of a place; the streets when there is none. */
export const listChildren = (parent?: string): Promise<Place[]> =>
  listAll('/places', parent ? { parent } : { level: 'street' })
