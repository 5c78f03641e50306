// What the reader's posts open, as rows; `only` narrows it. Which roles see which row: core/office.ts.
import { DOORS, holds } from '../../core/office'
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
  props: { only: [] as string[] },
  data: { rows: [] as Row[] },
  on: 'only',
  draw() {
    this.setData({ rows: rows(this.data.only) })
  },
  shared(changed: Partial<Shared>) {
    if ('me' in changed) this.setData({ rows: rows(this.data.only) })
  },
  methods: {
    open(event: { currentTarget: { dataset: { url: string } } }) {
      wx.navigateTo({ url: event.currentTarget.dataset.url })
    },
  },
})

function rows(only: string[]): Row[] {
  const words = say('door') as Record<string, string>
  const shown = Object.entries(DOORS).filter(([name, door]) => holds(door.roles, store.get().me) && (!only.length || only.includes(name)))
  return shown.map(([name, { icon, url }]) => ({ name, icon, url, words: words[name]!, hint: words[`${name}Hint`]! }))
}
