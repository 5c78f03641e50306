/** Scrolling of a page: onPageScroll, onReachBottom and pull-down refresh. */
import type { Layer } from './layers'
import type { PageConfig } from './manifest'

const FAR = 60 // pixels to pull for a refresh
const call = (layer: Layer, name: string, given?: unknown) => {
  const handler = layer.page[name]
  if (typeof handler === 'function') handler.call(layer.page, given)
}

export function listenToPage(layer: Layer, config: PageConfig): void {
  const { scroller } = layer
  const near = config.onReachBottomDistance ?? 50
  let below = false
  let last = 0
  scroller.addEventListener('scroll', () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller
    call(layer, 'onPageScroll', { scrollTop })
    const reached = scrollTop + clientHeight >= scrollHeight - near && scrollTop > last
    if (reached && !below) call(layer, 'onReachBottom')
    below = scrollTop + clientHeight >= scrollHeight - near
    last = scrollTop
  })
  if (config.disableScroll) scroller.style.overflow = 'hidden'
  if (config.enablePullDownRefresh) pulling(layer)
}

function pulling(layer: Layer): void {
  const { scroller, element } = layer
  const dots = document.createElement('div')
  dots.className = 'refreshing'
  dots.ariaLabel = '刷新中'
  dots.append(...[0, 1, 2].map(() => document.createElement('i')))
  element.querySelector('.screen')!.prepend(dots)
  let from: number | null = null
  scroller.addEventListener('touchstart', (event) => {
    from = scroller.scrollTop <= 0 ? event.touches[0]!.clientY : null
  })
  scroller.addEventListener('touchmove', (event) => {
    if (from === null) return
    const pulled = Math.min(Math.max(event.touches[0]!.clientY - from, 0) / 2, 100)
    scroller.style.transform = pulled > 4 ? `translateY(${pulled}px)` : ''
  })
  scroller.addEventListener('touchend', () => {
    const pulled = Number(/translateY\((.+)px\)/.exec(scroller.style.transform)?.[1] ?? 0)
    from = null
    if (pulled > FAR / 2) startRefresh(layer)
    else scroller.style.transform = ''
  })
}

/** Start a pull-down refresh. */
export function startRefresh(layer: Layer | undefined): void {
  if (!layer?.element.querySelector('.refreshing')) return
  layer.element.classList.add('is-refreshing')
  layer.scroller.style.transform = 'translateY(50px)'
  call(layer, 'onPullDownRefresh')
}

export function endRefresh(layer: Layer | undefined): void {
  layer?.element.classList.remove('is-refreshing')
  if (layer) layer.scroller.style.transform = ''
}
