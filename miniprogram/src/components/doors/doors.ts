// What the reader's posts open, as rows; with `watching` only for who handles no tickets. Which roles see which row: core/office.ts.
import { DOORS, holds, onlooker } from '../../core/office'
import { part } from '../../core/part'
import { store, type Shared } from '../../core/store'
import { say } from '../../i18n/index'

interface Row {
  name: string
  icon: string
  url: string
  words: string
  hint: string
}

part({
  words: ['door'],
  props: { watching: false },
  data: { rows: [] as Row[] },
  on: 'watching',
  draw() {
    this.setData({ rows: rows(this.data.watching) })
  },
  shared(changed: Partial<Shared>) {
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
  if (watching && !onlooker(me)) return []
  const words = say('door') as Record<string, string>
  const shown = Object.entries(DOORS).filter(([name, door]) => holds(door.roles, me) && !(watching && name === 'redeem'))
  return shown.map(([name, { icon, url }]) => ({ name, icon, url, words: words[name]!, hint: words[`${name}Hint`]! }))
}
