/** <image>: a file of the program, an address, or a temporary or saved file. */
import { addressOf } from '../files'
import { setRole } from '../aria'
import { Tag } from './tag'

export class Image extends Tag {
  static override observedAttributes = [...Tag.observedAttributes, 'src', 'lazy-load']
  private readonly drawn = document.createElement('img')

  constructor() {
    super()
    this.drawn.addEventListener('load', () =>
      this.tell('load', { width: this.drawn.naturalWidth, height: this.drawn.naturalHeight }),
    )
    this.drawn.addEventListener('error', () =>
      this.tell('error', { errMsg: `GET ${this.getAttribute('src')} failed` }),
    )
    this.drawn.alt = ''
    this.drawn.draggable = false
  }

  /** The label of a picture; a picture without one says nothing. */
  named(label: string): void {
    this.ariaLabel = label || null
    if (label && !this.role) setRole(this, 'img')
  }

  override connectedCallback(): void {
    this.append(this.drawn)
  }

  override changed(name: string, value: string | null): void {
    if (name === 'lazy-load') this.drawn.loading = value === null ? 'eager' : 'lazy'
    if (name === 'src') void this.show(value ?? '')
  }

  private async show(src: string): Promise<void> {
    const address = await addressOf(src)
    if (this.getAttribute('src') !== src) return // src has changed meanwhile
    if (address) this.drawn.src = address
    else this.drawn.removeAttribute('src')
  }
}
