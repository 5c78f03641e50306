/** A page on the screen: its bar, its scrolling part, its position. */
import type { Instance } from './framework'

export interface Layer {
  id: number
  path: string
  query: Record<string, string>
  element: HTMLElement
  scroller: HTMLElement
  page: Instance
  tabBar?: Instance
  /** Distance from the top of the window, in pixels. */
  readonly top: number
}

const layers = new WeakMap<Element, Layer>()

export const register = (layer: Layer): void => void layers.set(layer.element, layer)

/** Return the page `element` is on. */
export function layerOf(element: Element | null): Layer | undefined {
  const found = element?.closest?.('.layer')
  return found ? layers.get(found) : undefined
}
