// The menu of the office (ui/menu.ts) by the reader's roles. With `watching` it is shown only to observers
// (admin, auditor).
import { hasRole, observerRole } from '../../domain/roles'
import { type SharedState, store } from '../../domain/store'
import { wordsOf } from '../../i18n/index'
import { defineComponent } from '../../ui/component'
import { MENU } from '../../ui/menu'

interface Row {
  name: string
  icon: string
  url: string
  words: string
  hint: string
}

defineComponent({
  words: ['menu'],
  props: { watching: false },
  data: { rows: [] as Row[] },
  observe: 'watching',
  update() {
    this.setData({ rows: rows(this.data.watching) })
  },
  onStoreChange(changed: Partial<SharedState>) {
    if ('me' in changed) this.setData({ rows: rows(this.data.watching) })
  },
  methods: {
    open(event: { currentTarget: { dataset: { url: string } } }) {
      wx.navigateTo({ url: event.currentTarget.dataset.url })
    },
  },
})

function rows(watching: boolean): Row[] {
  const { me } = store.get()
  if (watching && !observerRole(me)) return []
  const words = wordsOf('menu') as Record<string, string>
  const items = Object.entries(MENU).filter(
    ([name, door]) => hasRole(door.roles, me) && !(watching && name === 'redeem'),
  )
  return items.map(([name, { icon, url }]) => ({
    name,
    icon,
    url,
    words: words[name]!,
    hint: words[`${name}Hint`]!,
  }))
}
