// Where one is reporting from: the code just scanned, the last place, else one's home.
import { fetchMe } from '../services/me'
import { one, scanned } from '../services/places'
import { SCENE } from '../services/scans'
import { keep, recall } from './box'
import type { Picked } from './picking'
import { store } from './store'

/** The scene in what a code says: an address with ?scene=, or the scene alone. */
export function sceneIn(said: string): string {
  const found = /[?&]scene=([^&#]+)/.exec(said)
  return decodeURIComponent(found?.[1] ?? said).trim()
}

export const isSignIn = (scene: string): boolean => scene.startsWith(SCENE)

export async function arrive(scene: string): Promise<Picked> {
  const place = await scanned(scene)
  return remember({ id: place.id, label: place.label })
}

export function remember(place: Picked): Picked {
  keep('place', place)
  return place
}

export async function here(): Promise<Picked | null> {
  const last = recall<Picked>('place')
  if (last) return last
  const home = (store.get().me ?? (await fetchMe().catch(() => null)))?.home_id
  if (!home) return null
  const place = await one(home)
  return { id: place.id, label: place.label }
}

/** Let the camera read a code; null when it reads none. */
export function scan(): Promise<string | null> {
  return new Promise((resolve) => {
    wx.scanCode({ success: (read) => resolve(sceneIn(read.path || read.result)), fail: () => resolve(null) })
  })
}
