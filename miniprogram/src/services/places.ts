// Places: the tree, the search by address, what a stairwell code stands for.
import { call } from '../core/request'
import type { FoundPlace, List, Place, PlacePath } from './shapes'

export const search = (q: string): Promise<List<FoundPlace>> => call({ path: '/places/search', query: { q, limit: 10 } })
export const one = (id: string): Promise<PlacePath> => call({ path: `/places/${id}` })
export const scanned = (scene: string): Promise<PlacePath> => call({ path: `/scenes/${encodeURIComponent(scene)}` })

/** All children of a place, the streets without one. */
export async function below(parent?: string): Promise<Place[]> {
  const found: Place[] = []
  let cursor: string | null | undefined
  do {
    const page: List<Place> = await call({ path: '/places', query: { ...(parent ? { parent } : { level: 'street' }), limit: 100, cursor } })
    found.push(...page.items)
    cursor = page.next
  } while (cursor)
  return found
}
