/** <swiper>: items side by side that snap, with autoplay. */
import { Tag } from './tag'

export class Swiper extends Tag {
  static override observedAttributes = [...Tag.observedAttributes, 'current', 'autoplay', 'interval']
  private at = 0
  private timer: ReturnType<typeof setInterval> | undefined

  constructor() {
    super()
    this.addEventListener('scroll', (event) => {
      event.stopImmediatePropagation()
      const now = this.on('vertical')
        ? Math.round(this.scrollTop / this.clientHeight)
        : Math.round(this.scrollLeft / this.clientWidth)
      if (now === this.at || !Number.isFinite(now)) return
      this.at = now
      this.tell('change', { current: now, currentItemId: '', source: this.moving ? 'autoplay' : 'touch' })
    })
    this.addEventListener('scrollend', () => {
      this.moving = false
      this.tell('animationfinish', { current: this.at, source: 'touch' })
    })
  }

  private moving = false

  override connectedCallback(): void {
    requestAnimationFrame(() => this.move(this.amount('current', 0), 'instant'))
    this.play()
  }

  override disconnectedCallback(): void {
    clearInterval(this.timer)
  }

  override changed(name: string, value: string | null): void {
    if (name === 'current' && this.isConnected) this.move(Number(value), 'smooth')
    if (name === 'autoplay' || name === 'interval') this.play()
  }

  private play(): void {
    clearInterval(this.timer)
    if (!this.on('autoplay')) return
    this.timer = setInterval(
      () => this.move((this.at + 1) % (this.querySelectorAll('wx-swiper-item').length || 1), 'smooth'),
      this.amount('interval', 5000),
    )
  }

  private move(to: number, behavior: ScrollBehavior): void {
    this.moving = true
    if (this.on('vertical')) this.scrollTo({ top: to * this.clientHeight, behavior })
    else this.scrollTo({ left: to * this.clientWidth, behavior })
  }
}
