// Choosing a place on a page of its own.
import type { PlaceChoice } from '../domain/types'

let waiting: ((place: PlaceChoice | null) => void) | null = null

/** Open the place page; resolves to null when the user comes back without a place. */
export function pickPlace(): Promise<PlaceChoice | null> {
  waiting?.(null)
  return new Promise((resolve) => {
    waiting = resolve
    wx.navigateTo({ url: '/pages/place/index' })
  })
}

/** Called by the place page with the choice. */
export function resolvePlace(place: PlaceChoice | null): void {
  const resolve = waiting
  waiting = null
  resolve?.(place)
}
