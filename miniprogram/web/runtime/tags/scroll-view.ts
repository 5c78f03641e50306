/** <scroll-view>: scrolls, with events for the position and for reaching an end. */
import { Tag } from './tag'

export class ScrollView extends Tag {
  static override observedAttributes = [
    ...Tag.observedAttributes,
    'scroll-top',
    'scroll-left',
    'scroll-into-view',
    'refresher-triggered',
  ]
  private last = { left: 0, top: 0 }

  constructor() {
    super()
    this.addEventListener('scroll', (event) => {
      if (event instanceof CustomEvent) return
      event.stopImmediatePropagation()
      this.scrolled()
    })
  }

  override changed(name: string, value: string | null): void {
    const behavior: ScrollBehavior = this.on('scroll-with-animation') ? 'smooth' : 'auto'
    if (value === null) return
    if (name === 'scroll-top') this.scrollTo({ top: Number.parseFloat(value), behavior })
    if (name === 'scroll-left') this.scrollTo({ left: Number.parseFloat(value), behavior })
    if (name === 'scroll-into-view' && value) {
      requestAnimationFrame(() => {
        const child = this.querySelector(`[id$="${CSS.escape(value)}"]`)?.getBoundingClientRect()
        if (!child) return
        // Only this view scrolls, as in WeChat; not the page around it.
        const own = this.getBoundingClientRect()
        const rightToLeft = getComputedStyle(this).direction === 'rtl'
        const left = rightToLeft ? child.right - own.right : child.left - own.left
        this.scrollBy({ left, top: child.top - own.top, behavior })
      })
    }
  }

  private scrolled(): void {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientHeight, clientWidth } = this
    const { left, top } = this.last
    this.last = { left: scrollLeft, top: scrollTop }
    this.tell('scroll', {
      scrollLeft,
      scrollTop,
      scrollWidth,
      scrollHeight,
      deltaX: left - scrollLeft,
      deltaY: top - scrollTop,
    })
    const lower = this.amount('lower-threshold', 50)
    const upper = this.amount('upper-threshold', 50)
    if (scrollTop > top && scrollHeight - clientHeight - scrollTop <= lower)
      this.tell('scrolltolower', { direction: 'bottom' })
    if (scrollLeft > left && scrollWidth - clientWidth - scrollLeft <= lower)
      this.tell('scrolltolower', { direction: 'right' })
    if (scrollTop < top && scrollTop <= upper) this.tell('scrolltoupper', { direction: 'top' })
  }
}
