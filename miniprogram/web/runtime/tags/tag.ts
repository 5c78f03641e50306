/** The base of all tags: attributes as values, events with a detail, the hover class. */
import { enterDialog, leaveDialog } from '../aria'

type Named = { classList?: { toggle(name: string, force: boolean): void } }

export class Tag extends HTMLElement {
  static observedAttributes: string[] = ['hover-class']

  connectedCallback(): void {
    if (this.role === 'dialog') enterDialog(this)
  }

  disconnectedCallback(): void {
    if (this.role === 'dialog') leaveDialog(this)
  }

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === 'hover-class' && value && value !== 'none') this.hoverable()
    this.changed(name, value)
  }

  changed(_name: string, _value: string | null): void {}

  /**
   * Whether a boolean attribute is set. In WeChat the string "false" is true; the framework removes the
   * attribute for false.
   */
  on(name: string): boolean {
    return this.hasAttribute(name)
  }

  /** The attribute as a number, or `fallback`. */
  amount(name: string, fallback: number): number {
    const value = this.getAttribute(name)
    return value === null || value === '' ? fallback : Number.parseFloat(value)
  }

  tell(name: string, detail: unknown = {}, bubbles = false): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles, composed: bubbles }))
  }

  private hovers = false
  private hoverable(): void {
    if (this.hovers) return
    this.hovers = true
    const set = (on: boolean) => {
      const names = this.getAttribute('hover-class')
      if (!names || names === 'none' || (on && this.on('disabled'))) return
      const framework = (this as { __wxElement?: Named }).__wxElement
      for (const name of names.split(/\s+/)) (framework?.classList ?? this.classList).toggle(name, on)
    }
    this.addEventListener('touchstart', () => set(true), { passive: true })
    for (const end of ['touchend', 'touchcancel', 'touchmove'])
      this.addEventListener(end, () => set(false), { passive: true })
  }
}
