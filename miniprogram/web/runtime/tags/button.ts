/** <button>: a tap, and what open-type asks WeChat for. */
import { note } from '../hooks'
import { sheet } from '../over'
import { agreed } from '../wx/privacy'
import { Tag } from './tag'

type Opening = (button: Button) => Promise<[string, object]>

const OPENINGS: Record<string, Opening> = {
  async getPhoneNumber() {
    const chosen = await sheet('微信手机号（演示）', ['允许', '不允许'])
    if (chosen === 0) return ['getphonenumber', { errMsg: 'getPhoneNumber:ok', errno: 0, code: `demo-${Date.now()}` }]
    return ['getphonenumber', { errMsg: 'getPhoneNumber:fail user deny', errno: 1400001 }]
  },
  async agreePrivacyAuthorization(button) {
    agreed(button.id)
    return ['agreeprivacyauthorization', { errMsg: 'agreePrivacyAuthorization:ok' }]
  },
  async openSetting() {
    return ['opensetting', { errMsg: 'openSetting:ok', authSetting: {} }]
  },
  async contact() {
    return ['contact', { errMsg: 'enterContact:ok', path: '', query: {} }]
  },
}

export class Button extends Tag {
  static override observedAttributes = [...Tag.observedAttributes, 'disabled']

  connectedCallback(): void {
    this.role ??= 'button'
    this.tabIndex = this.on('disabled') ? -1 : 0
    if (!this.hasAttribute('hover-class')) this.setAttribute('hover-class', 'button-hover')
  }

  constructor() {
    super()
    this.addEventListener('click', () => void this.pressed())
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') press(this, event)
    })
  }

  override changed(name: string, value: string | null): void {
    if (name === 'disabled') this.ariaDisabled = value === null ? null : 'true'
  }

  private async pressed(): Promise<void> {
    if (this.on('disabled')) return
    const type = this.getAttribute('form-type')
    if (type) this.closest<HTMLElement & { ask?(type: string): void }>('wx-form')?.ask?.(type)
    const open = this.getAttribute('open-type')
    if (!open) return
    note(`button.${open}`, {})
    const answer = await OPENINGS[open]?.(this)
    if (answer) this.tell(...answer)
  }
}

/** A key does what a finger does. */
function press(target: HTMLElement, event: Event): void {
  event.preventDefault()
  const { left, top, width, height } = target.getBoundingClientRect()
  const at = { bubbles: true, composed: true, clientX: left + width / 2, clientY: top + height / 2 }
  for (const type of ['mousedown', 'mouseup', 'click']) target.dispatchEvent(new MouseEvent(type, at))
}
