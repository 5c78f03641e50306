/** Positions and sizes of elements, scrolling, animations. */
import { recordCall } from '../harness'
import { top } from '../stack'
import { asyncCall, type CallOptions } from './asyncCall'

export const createSelectorQuery = (): any => top()!.page.createSelectorQuery()
export const createIntersectionObserver = (component: any, options?: object): any =>
  component.createIntersectionObserver(options)
export const nextTick = (work: () => void): void => queueMicrotask(work)

export const pageScrollTo = (
  options: CallOptions & { scrollTop?: number; duration?: number; selector?: string; offsetTop?: number },
) =>
  asyncCall('pageScrollTo', options, () => {
    const layer = top()
    if (!layer) return
    const found = options.selector
      ? layer.scroller.querySelector(options.selector.replace(/\.([\w-]+)/g, '[class~="$1"]'))
      : null
    const above = found
      ? found.getBoundingClientRect().top - layer.top + layer.scroller.scrollTop + (options.offsetTop ?? 0)
      : (options.scrollTop ?? 0)
    layer.scroller.scrollTo({ top: above, behavior: options.duration === 0 ? 'instant' : 'smooth' })
  })

/** The old animation API does nothing: elements are at the end position at once. */
export const createAnimation = (): any => {
  recordCall('createAnimation', {})
  const chain: any = new Proxy(
    {},
    { get: (_, name) => (name === 'export' ? () => ({ actions: [] }) : () => chain) },
  )
  return chain
}
