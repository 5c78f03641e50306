// The households one looks after, the one that is due first on top. They are kept on the phone for where there is no
// network; so is which unit each room is in, which never changes.
import { readStorage, writeStorage } from '../../platform/storage'
import { getPlace } from '../../services/places'
import { listAllSubjects } from '../../services/subjects'
import { unsentVisits } from '../../domain/visits'
import { present } from './relationKinds'

export interface CareDoor {
  id: string // of the room
  pairing: string
  label: string
  unit: string
  room: string
  last: string // the last visit that is known, '' for none
  due: string
}

const KEPT = 'care-doors'
const ROOMS = 'care-rooms'
type Rooms = Record<string, { unit: string; room: string }>

export const keptCare = (): CareDoor[] => readStorage<CareDoor[]>(KEPT) ?? []

export async function fetchCare(): Promise<CareDoor[]> {
  const pairings = await listAllSubjects('relationship', {
    mine: true,
    kind: ['pairing'],
    status: ['active'],
  })
  const own = pairings.filter((one) =>
    present(one).some(({ role, mine, agreed_at }) => role === 'helper' && mine && agreed_at),
  )
  const rooms = await roomsOf(own.map(({ place }) => place.id))
  const unsent = new Map(unsentVisits().map(({ place, at }) => [place.id, new Date(at).toISOString()]))
  return keep(
    own.map(({ id, place, visited_at, due_at }) => ({
      ...rooms[place.id]!,
      id: place.id,
      pairing: id,
      label: place.label,
      last: unsent.get(place.id) ?? visited_at ?? '',
      due: unsent.has(place.id) ? '' : (due_at ?? ''),
    })),
  )
}

async function roomsOf(ids: string[]): Promise<Rooms> {
  const known = readStorage<Rooms>(ROOMS) ?? {}
  const missing = await Promise.all(ids.filter((id) => !known[id]).map(getPlace))
  const found = missing.map(({ id, parent_id, name }) => [id, { unit: parent_id ?? '', room: name }] as const)
  const rooms = { ...known, ...Object.fromEntries(found) }
  writeStorage(ROOMS, rooms)
  return rooms
}

/** Note a visit that has just been made: the server says when the next is due. */
export function caredFor(id: string, at: number): CareDoor[] {
  const last = new Date(at).toISOString()
  return keep(keptCare().map((door) => (door.id === id ? { ...door, last, due: '' } : door)))
}

function keep(doors: CareDoor[]): CareDoor[] {
  const sorted = [...doors].sort((one, other) => (one.due || '9').localeCompare(other.due || '9'))
  writeStorage(KEPT, sorted)
  return sorted
}
