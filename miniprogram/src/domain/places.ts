// Where the user reports from: the code scanned last, the place chosen last, else their home.
import { readStorage, removeStorage, writeStorage } from '../platform/storage'
import { getPlace, getPlaceOfScene } from '../services/places'
import { SIGN_IN_SCENE } from '../services/scans'
import type { PlacePath } from '../services/shapes'
import { fetchMe } from './profile'
import { store } from './store'
import type { PlaceChoice } from './types'

/** Return the scene of a code: its text is our link (`/s/…`, earlier `?scene=…`) or the scene alone. */
export function sceneOf(text: string): string {
  const found = /[?&]scene=([^&#]+)/.exec(text) ?? /^https?:\/\/[^/]+(?:\/.*)?\/s\/([^/?#]+)/.exec(text)
  return decoded(found?.[1] ?? text).trim()
}

/**
 * Return the scene that opened the program, '' for none. A mini-program code brings `scene`; a link that WeChat's own
 * scanner has read brings its encoded address as `q`.
 */
export const sceneOfQuery = ({ scene, q }: { scene?: string; q?: string }): string =>
  scene || q ? sceneOf(decoded(scene || q!)) : ''

/** Decode text that anybody may have printed: what is not encoded properly stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const isSignInScene = (scene: string): boolean => scene.startsWith(SIGN_IN_SCENE)

/** Return the place of a stairwell code and make it the current one. */
export async function placeOfScene(scene: string): Promise<PlaceChoice> {
  const place = await getPlaceOfScene(scene)
  return setCurrentPlace({ id: place.id, label: place.label })
}

export async function setCurrentPlace(choice: PlaceChoice): Promise<PlaceChoice> {
  const place = { ...choice, elsewhere: await isElsewhere(choice) }
  writeStorage('place', place)
  return place
}

export async function currentPlace(): Promise<PlaceChoice | null> {
  return readStorage<PlaceChoice>('place') ?? homePlace()
}

/** Report from home again, whatever place was chosen last. */
export async function useHome(): Promise<PlaceChoice | null> {
  const home = await homePlace()
  removeStorage('place')
  return home
}

/** The user's home; null when they have not said where it is. */
export async function homePlace(): Promise<PlaceChoice | null> {
  const id = await homeId()
  if (!id) return null
  const { label } = await fetchPath(id)
  return { id, label }
}

const homeId = async (): Promise<string | null> =>
  (store.get().me ?? (await fetchMe().catch(() => null)))?.home_id ?? null

const STREET_DOWN = 5 // levels from a unit up to the street

/** The places somebody's home is in, from their building up to their community; none when they have not said where. */
export async function homeAncestors(): Promise<PlacePath[]> {
  const found: PlacePath[] = []
  for (let id = await homeId(); id && found.length < STREET_DOWN;) {
    const place = await fetchPath(id)
    if (place.level === 'street') break
    found.push(place)
    id = place.parent_id
  }
  return found
}

/** Whether a place is in another community than the user's home; false when nobody can tell. */
async function isElsewhere({ id }: PlaceChoice): Promise<boolean> {
  const home = await homeId()
  if (!id || !home || id === home) return false
  try {
    const [here, there] = await Promise.all([communityOf(id), communityOf(home)])
    return here !== there
  } catch {
    return false
  }
}

const COMMUNITY = 2 // names of a path from the street down to the community
const communityOf = async (id: string): Promise<string> =>
  (await fetchPath(id)).path.slice(0, COMMUNITY).join()
const paths = new Map<string, PlacePath>()

async function fetchPath(id: string): Promise<PlacePath> {
  const path = paths.get(id) ?? (await getPlace(id))
  paths.set(id, path)
  return path
}
