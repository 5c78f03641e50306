/** Asking where things are, from outside a component. */
import { note } from '../hooks'
import { top } from '../stack'
import { answer, type Asked } from './answer'

export const createSelectorQuery = (): any => top()!.page.createSelectorQuery()
export const createIntersectionObserver = (component: any, options?: object): any => component.createIntersectionObserver(options)
export const nextTick = (work: () => void): void => queueMicrotask(work)

export const pageScrollTo = (options: Asked & { scrollTop?: number; duration?: number; selector?: string; offsetTop?: number }) =>
  answer('pageScrollTo', options, () => {
    const layer = top()
    if (!layer) return
    const found = options.selector ? layer.scroller.querySelector(options.selector.replace(/\.([\w-]+)/g, '[class~="$1"]')) : null
    const above = found ? found.getBoundingClientRect().top - layer.top + layer.scroller.scrollTop + (options.offsetTop ?? 0) : (options.scrollTop ?? 0)
    layer.scroller.scrollTo({ top: above, behavior: options.duration === 0 ? 'instant' : 'smooth' })
  })

/** Animations in the old manner do nothing here; what they would have moved is where it ends anyway. */
export const createAnimation = (): any => {
  note('createAnimation', {})
  const chain: any = new Proxy({}, { get: (_, name) => (name === 'export' ? () => ({ actions: [] }) : () => chain) })
  return chain
}
