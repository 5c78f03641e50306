// The doors of one's own grids, or of one's communities: the one that was not visited for longest is first. They
// are kept on the phone for where there is no network.
import { readStorage, writeStorage } from '../../platform/storage'
import { listChildren } from '../../services/places'
import { listOwnGrids } from '../../services/settings'
import type { Place } from '../../services/shapes'
import { listSubjects } from '../../services/subjects'
import { managedPlaces } from '../../domain/roles'
import { VISITS } from './kinds'
import { unsentVisits } from '../../domain/visits'

export interface Door {
  id: string
  label: string
  last: string // the last visit that is known, '' for none
}

const KEPT = 'visit-places'
const MOST_PAGES = 5 // of visits, newest first
const PAGE = 100

export const keptDoors = (): Door[] => readStorage<Door[]>(KEPT) ?? []

export async function fetchDoors(): Promise<Door[]> {
  const grids = await listOwnGrids()
  const offices = grids.length ? [] : managedPlaces()
  const covers = grids.length
    ? grids.flatMap((grid) => grid.covers)
    : (await Promise.all(offices.map((id) => listChildren(id)))).flat()
  const units = grids.length ? grids.map(({ id }) => id) : offices
  const [places, last] = await Promise.all([below(covers), lastVisits(units)])
  for (const { place, at } of unsentVisits()) last.set(place.id, new Date(at).toISOString())
  return keep(places.map(({ id, label }) => ({ id, label, last: last.get(id) ?? '' })))
}

/** One level down: the units of a building, the buildings of an estate; what has nothing below is a door itself. */
async function below(places: Pick<Place, 'id' | 'label'>[]): Promise<Pick<Place, 'id' | 'label'>[]> {
  const found = await Promise.all(
    places.map(async (place) => ({ place, children: await listChildren(place.id) })),
  )
  return found.flatMap(({ place, children }) => (children.length ? children : [place]))
}

/** When each place was last visited, as far as the newest visits say. */
async function lastVisits(units: string[]): Promise<Map<string, string>> {
  const last = new Map<string, string>()
  for (const place_id of units) {
    let cursor: string | null | undefined
    for (let n = 0; n < MOST_PAGES; n++) {
      const page = await listSubjects('activity', { kind: VISITS, place_id, limit: PAGE, cursor })
      for (const visit of page.items)
        if (visit.noun === 'activity' && visit.starts_at > (last.get(visit.place.id) ?? ''))
          last.set(visit.place.id, visit.starts_at)
      cursor = page.next
      if (!cursor) break
    }
  }
  return last
}

/** Note a visit that has just been made. */
export function visited(id: string, at: number): Door[] {
  const last = new Date(at).toISOString()
  return keep(keptDoors().map((door) => (door.id === id ? { ...door, last } : door)))
}

function keep(doors: Door[]): Door[] {
  const sorted = [...doors].sort((one, other) => one.last.localeCompare(other.last))
  writeStorage(KEPT, sorted)
  return sorted
}
