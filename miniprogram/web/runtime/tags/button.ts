/** <button> with its open-types. */
import { setRole } from '../aria'
import { recordCall } from '../harness'
import { chooseOne } from '../overlays'
import { agreeBy } from '../wx/privacyAgreement'
import { Tag } from './tag'

type Opening = (button: Button) => Promise<[string, object]>

const OPENINGS: Record<string, Opening> = {
  async getPhoneNumber() {
    const chosen = await chooseOne('微信手机号（演示）', ['允许', '不允许'])
    if (chosen === 0)
      return ['getphonenumber', { errMsg: 'getPhoneNumber:ok', errno: 0, code: `demo-${Date.now()}` }]
    return ['getphonenumber', { errMsg: 'getPhoneNumber:fail user deny', errno: 1400001 }]
  },
  async agreePrivacyAuthorization(button) {
    await new Promise((later) => setTimeout(later, 50)) // WeChat writes it down first: the tap comes before
    agreeBy(button.id)
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

  override connectedCallback(): void {
    if (!this.role) setRole(this, 'button')
    if (this.on('disabled')) this.tabIndex = -1
    if (!this.hasAttribute('hover-class')) this.setAttribute('hover-class', 'button-hover')
  }

  constructor() {
    super()
    this.addEventListener('click', () => void this.pressed())
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
    recordCall(`button.${open}`, {})
    const answer = await OPENINGS[open]?.(this)
    if (answer) this.tell(...answer)
  }
}
