// Which notices one wants, and whether nights are quiet; saved with each switch.
import { problemOf } from '../../core/problem'
import { holds, STAFF } from '../../core/office'
import { screen } from '../../core/screen'
import { fill, say } from '../../i18n/index'
import { wish, wishes } from '../../services/wishes'
import type { Wishes, WishesForm } from '../../services/shapes'

type Name = keyof WishesForm

interface Row {
  name: Name
  words: string
  hint: string
  on: boolean
}

screen({
  words: ['wishes'],
  title: (t) => t.wishes.title,
  data: { rows: [] as Row[], kept: '' },
  own: { now: null as Wishes | null },
  methods: {
    async turn(event: { currentTarget: { dataset: { name: Name } } }) {
      const { name } = event.currentTarget.dataset
      const on = !this.now![name]
      const { mine, work, reminders, comments, quiet_nights } = this.now!
      const form = { mine, work, reminders, comments, quiet_nights, [name]: on }
      this.setData({ rows: this.data.rows.map((row) => (row.name === name ? { ...row, on } : row)) })
      try {
        this.now = await wish(form)
        wx.showToast({ title: say('wishes').saved, icon: 'success' })
      } catch (error) {
        wx.showToast({ title: problemOf(error).sentence, icon: 'none' })
      }
      this.setData({ rows: rows(this.now!) })
    },
  },
  async load() {
    this.now = await wishes()
    return { rows: rows(this.now), kept: this.now.kept }
  },
})

function rows(now: Wishes): Row[] {
  const words = say('wishes')
  const working = holds([...STAFF, 'agent'])
  const groups = now.groups.filter(({ group }) => working || (group !== 'work' && group !== 'reminders'))
  return [
    ...groups.map(({ group, name, explained }) => ({ name: group as Name, words: name, hint: explained, on: Boolean(now[group as Name]) })),
    { name: 'quiet_nights', words: words.night, hint: fill(words.nightHint, { begins: now.night.begins, ends: now.night.ends }), on: now.quiet_nights },
  ]
}
