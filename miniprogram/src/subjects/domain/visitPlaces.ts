// The doors of one's own grids, or of one's communities: the one that was not visited for longest is first. They
// are kept on the phone for where there is no network.
import { readStorage, writeStorage } from '../../platform/storage'
import { listOwnGrids } from '../../services/settings'
import { listDoors } from '../../services/subjects'
import { managedPlaces } from '../../domain/roles'
import { unsentVisits } from '../../domain/visits'

export interface Door {
  id: string
  label: string
  last: string // the last visit that is known, '' for none
}

const KEPT = 'visit-places'

export const keptDoors = (): Door[] => readStorage<Door[]>(KEPT) ?? []

export async function fetchDoors(): Promise<Door[]> {
  const grids = await listOwnGrids()
  const units = grids.length ? grids.map(({ id }) => id) : managedPlaces()
  const unsent = new Map(unsentVisits().map(({ place, at }) => [place.id, new Date(at).toISOString()]))
  const doors = (await Promise.all(units.map((id) => listDoors(id)))).flat()
  return keep(doors.map(({ id, label, last_at }) => ({ id, label, last: unsent.get(id) ?? last_at ?? '' })))
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
