// The tab bar: four tabs for residents, and the workbench as a fifth, first one for staff.
import { type SharedState, store } from '../domain/store'
import { wordsOf } from '../i18n/index'
import { defineComponent } from '../ui/component'
import { currentTheme, type Theme } from '../ui/theme'

const TABS = [
  { name: 'work', icon: 'work' },
  { name: 'home', icon: 'edit' },
  { name: 'mine', icon: 'list' },
  { name: 'notices', icon: 'notice' },
  { name: 'me', icon: 'person' },
] as const
const TAB_WORDS = { work: 'work', home: 'report', mine: 'mine', notices: 'notices', me: 'me' } as const

interface Tab {
  name: string
  icon: string
  words: string
  badge: string
  on: boolean
}

function tabs(route: string): Tab[] {
  const { me, unread } = store.get()
  const badge = unread > 99 ? '99+' : unread ? String(unread) : ''
  return TABS.filter((tab) => tab.name !== 'work' || me?.posts.length).map((tab) => ({
    ...tab,
    words: wordsOf('tabs')[TAB_WORDS[tab.name]],
    badge: tab.name === 'notices' ? badge : '',
    on: route === `pages/${tab.name}/index`,
  }))
}

defineComponent({
  data: { tabs: [] as Tab[], theme: null as Theme | null, covered: false },
  instanceFields: { route: '' }, // of the page this bar belongs to
  update() {
    this.setData({ tabs: tabs(this.route), theme: currentTheme() })
  },
  onStoreChange(changed: Partial<SharedState>) {
    if ('sheetOpen' in changed) this.setData({ covered: Boolean(changed.sheetOpen) })
    if ('unread' in changed || 'me' in changed) this.setData({ tabs: tabs(this.route) })
  },
  methods: {
    /** Called by the page it belongs to whenever it is shown. */
    choose(route: string) {
      this.route = route
      this.setData({ tabs: tabs(route) })
    },
    go(event: { currentTarget: { dataset: { name: string } } }) {
      wx.switchTab({ url: `/pages/${event.currentTarget.dataset.name}/index` })
    },
  },
})
