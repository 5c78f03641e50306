// Choosing a place on a page of its own and coming back with it.
export interface Picked {
  id?: string
  label: string
  note?: string // floor and room, as typed
  position?: { lat: number; lng: number }
}

let waiting: ((place: Picked | null) => void) | null = null

/** Open the place page; null when one comes back without a place. */
export function pickPlace(): Promise<Picked | null> {
  waiting?.(null)
  return new Promise((resolve) => {
    waiting = resolve
    wx.navigateTo({ url: '/pages/place/index' })
  })
}

export function picked(place: Picked | null): void {
  const tell = waiting
  waiting = null
  tell?.(place)
}
