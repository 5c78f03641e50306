/** <navigator>: a link between pages. */
import { Tag } from './tag'

const ROUTES = { navigate: 'navigateTo', redirect: 'redirectTo', switchTab: 'switchTab', reLaunch: 'reLaunch' } as const

export class Navigator extends Tag {
  connectedCallback(): void {
    this.role ??= 'link'
  }

  constructor() {
    super()
    this.addEventListener('click', () => {
      const type = this.getAttribute('open-type') || 'navigate'
      if (type === 'navigateBack') wx.navigateBack({ delta: this.amount('delta', 1) })
      else if (type in ROUTES) wx[ROUTES[type as keyof typeof ROUTES]]({ url: this.getAttribute('url') ?? '' })
    })
  }
}
