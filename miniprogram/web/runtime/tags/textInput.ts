/** <input> and <textarea>: the browser's own elements inside, WeChat's events outside. */
import { Tag } from './tag'

const KEYBOARDS: Record<string, string> = {
  number: 'numeric',
  digit: 'decimal',
  idcard: 'text',
  nickname: 'text',
  tel: 'tel',
}
const PASSED = [
  'value',
  'placeholder',
  'disabled',
  'maxlength',
  'focus',
  'auto-focus',
  'password',
  'type',
  'confirm-type',
  'placeholder-style',
]

abstract class TextInput<E extends HTMLInputElement | HTMLTextAreaElement> extends Tag {
  static override observedAttributes = [...Tag.observedAttributes, ...PASSED]
  protected abstract readonly inner: E
  private composing = false

  named(label: string): void {
    this.inner.ariaLabel = label || null
  }

  override connectedCallback(): void {
    if (!this.inner.isConnected) this.append(this.inner)
    if (!this.hasAttribute('maxlength')) this.inner.maxLength = 140
    if (this.on('focus') || this.on('auto-focus')) this.inner.focus()
  }

  protected listen(): void {
    const { inner } = this
    inner.addEventListener('compositionstart', () => (this.composing = true))
    inner.addEventListener('compositionend', () => {
      this.composing = false
      this.typed()
    })
    inner.addEventListener('input', (event) => {
      event.stopPropagation()
      if (!this.composing) this.typed()
    })
    inner.addEventListener('focus', () => this.tell('focus', { value: inner.value, height: 0 }))
    inner.addEventListener('blur', () =>
      this.tell('blur', { value: inner.value, cursor: inner.selectionStart }),
    )
    inner.addEventListener('change', (event) => event.stopPropagation())
    inner.addEventListener('keydown', (event) => {
      const key = event as KeyboardEvent
      if (key.key === 'Enter' && !key.isComposing && this.confirms(key))
        this.tell('confirm', { value: inner.value })
    })
  }

  protected abstract confirms(key: KeyboardEvent): boolean

  protected typed(): void {
    this.tell('input', { value: this.inner.value, cursor: this.inner.selectionStart, keyCode: 0 })
  }

  override changed(name: string, value: string | null): void {
    const { inner } = this
    if (name === 'value' && inner.value !== (value ?? '')) inner.value = value ?? ''
    if (name === 'placeholder') inner.placeholder = value ?? ''
    if (name === 'disabled') inner.disabled = value !== null
    if (name === 'maxlength') {
      if (value === '-1' || value === null) inner.removeAttribute('maxlength')
      else inner.maxLength = Number(value)
    }
    if (name === 'focus' && this.isConnected) {
      if (value === null) inner.blur()
      else inner.focus()
    }
    if (name === 'confirm-type') inner.enterKeyHint = value === 'return' ? 'enter' : (value ?? '')
    if (name === 'placeholder-style')
      this.style.setProperty('--placeholder', /(?:^|;)\s*color:\s*([^;]+)/.exec(value ?? '')?.[1] ?? '')
  }
}

export class Input extends TextInput<HTMLInputElement> {
  protected readonly inner = document.createElement('input')
  constructor() {
    super()
    this.listen()
  }

  protected confirms(): boolean {
    if (!this.on('confirm-hold')) this.inner.blur()
    return true
  }

  override changed(name: string, value: string | null): void {
    super.changed(name, value)
    if (name === 'type' || name === 'password') {
      this.inner.type =
        this.on('password') || this.getAttribute('type') === 'safe-password' ? 'password' : 'text'
      this.inner.inputMode = KEYBOARDS[this.getAttribute('type') ?? ''] ?? 'text'
    }
  }
}

export class Textarea extends TextInput<HTMLTextAreaElement> {
  protected readonly inner = document.createElement('textarea')
  private lines = 0
  constructor() {
    super()
    this.listen()
  }

  protected confirms(key: KeyboardEvent): boolean {
    const type = this.getAttribute('confirm-type')
    if (!type || type === 'return') return false
    key.preventDefault()
    return true
  }

  protected override typed(): void {
    super.typed()
    const height = this.inner.scrollHeight
    const lineHeight = Number.parseFloat(getComputedStyle(this.inner).lineHeight) || 20
    const lines = Math.round(height / lineHeight)
    if (lines !== this.lines)
      this.tell('linechange', {
        height,
        heightRpx: (height * 750) / innerWidth,
        lineCount: lines,
        lineHeight,
      })
    this.lines = lines
  }
}
