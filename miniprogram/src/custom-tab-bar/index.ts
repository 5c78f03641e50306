// The tabs at the bottom: residents have four, whoever holds a post has the work as the first of five.
import { look, type Look } from '../core/look'
import { part } from '../core/part'
import { store, type Shared } from '../core/store'
import { say } from '../i18n/index'

const TABS = [
  { name: 'work', icon: 'work' },
  { name: 'home', icon: 'edit' },
  { name: 'mine', icon: 'list' },
  { name: 'notices', icon: 'notice' },
  { name: 'me', icon: 'person' },
] as const
const SAID = { work: 'work', home: 'report', mine: 'mine', notices: 'notices', me: 'me' } as const

interface Tab {
  name: string
  icon: string
  words: string
  badge: string
  on: boolean
}

function tabs(): Tab[] {
  const { me, unread } = store.get()
  const here = getCurrentPages().pop()?.route ?? ''
  const badge = unread > 99 ? '99+' : unread ? String(unread) : ''
  return TABS.filter((tab) => tab.name !== 'work' || me?.posts.length).map((tab) => ({
    ...tab,
    words: say('tabs')[SAID[tab.name]],
    badge: tab.name === 'notices' ? badge : '',
    on: here === `pages/${tab.name}/index`,
  }))
}

part({
  data: { tabs: [] as Tab[], look: null as Look | null, covered: false },
  draw() {
    this.setData({ tabs: tabs(), look: look() })
  },
  shared(changed: Partial<Shared>) {
    if ('covered' in changed) this.setData({ covered: Boolean(changed.covered) })
    if ('unread' in changed || 'me' in changed) this.setData({ tabs: tabs() })
  },
  methods: {
    go(event: { currentTarget: { dataset: { name: string } } }) {
      wx.switchTab({ url: `/pages/${event.currentTarget.dataset.name}/index` })
    },
  },
})
