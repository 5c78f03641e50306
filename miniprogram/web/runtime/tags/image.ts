/** <image>: a file of the program, an address, or a file WeChat has kept for it. */
import { addressOf } from '../files'
import { Tag } from './tag'

export class Image extends Tag {
  static override observedAttributes = [...Tag.observedAttributes, 'src', 'lazy-load', 'aria-label', 'alt']
  private readonly drawn = document.createElement('img')

  constructor() {
    super()
    this.drawn.addEventListener('load', () => this.tell('load', { width: this.drawn.naturalWidth, height: this.drawn.naturalHeight }))
    this.drawn.addEventListener('error', () => this.tell('error', { errMsg: `GET ${this.getAttribute('src')} failed` }))
    this.drawn.alt = ''
    this.drawn.draggable = false
  }

  connectedCallback(): void {
    this.append(this.drawn)
  }

  override changed(name: string, value: string | null): void {
    if (name === 'aria-label') this.drawn.alt = value ?? ''
    if (name === 'lazy-load') this.drawn.loading = value === null ? 'eager' : 'lazy'
    if (name === 'src') void this.show(value ?? '')
  }

  private async show(src: string): Promise<void> {
    const address = await addressOf(src)
    if (this.getAttribute('src') !== src) return // another one was asked for meanwhile
    if (address) this.drawn.src = address
    else this.drawn.removeAttribute('src')
  }
}
