/** What all of WeChat's tags share: attributes as values, events with a detail, the class while pressed. */
type Named = { classList?: { toggle(name: string, force: boolean): void } }

export class Tag extends HTMLElement {
  static observedAttributes: string[] = ['hover-class', 'aria-role']

  attributeChangedCallback(name: string, _old: string | null, value: string | null): void {
    if (name === 'aria-role' && value) this.role = value
    if (name === 'hover-class' && value && value !== 'none') this.hoverable()
    this.changed(name, value)
  }

  changed(_name: string, _value: string | null): void {}

  /** Whether a boolean attribute is on: WeChat takes the text "false" for true, the framework takes false away. */
  on(name: string): boolean {
    return this.hasAttribute(name)
  }

  /** A number, or `fallback` where none is given. */
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
    for (const end of ['touchend', 'touchcancel', 'touchmove']) this.addEventListener(end, () => set(false), { passive: true })
  }
}
