/** <navigator>: a link between pages. */
import { setRole } from '../aria'
import { Tag } from './tag'

const ROUTES = {
  navigate: 'navigateTo',
  redirect: 'redirectTo',
  switchTab: 'switchTab',
  reLaunch: 'reLaunch',
} as const

export class Navigator extends Tag {
  override connectedCallback(): void {
    if (!this.role) setRole(this, 'link')
  }

  constructor() {
    super()
    this.addEventListener('click', () => {
      const type = this.getAttribute('open-type') || 'navigate'
      if (type === 'navigateBack') wx.navigateBack({ delta: this.amount('delta', 1) })
      else if (type in ROUTES)
        wx[ROUTES[type as keyof typeof ROUTES]]({ url: this.getAttribute('url') ?? '' })
    })
  }
}
