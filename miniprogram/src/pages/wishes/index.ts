// What I want to be told of: groups of notices, and quiet nights. What nobody may miss is always told.
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { fill, say } from '../../i18n/index'
import { wish, wishes } from '../../services/notices'
import type { Wishes, WishesForm } from '../../services/shapes'

type Group = keyof WishesForm

interface Row {
  group: Group
  name: string
  hint: string
  on: boolean
}

const OF_POSTS = new Set<Group>(['work', 'reminders']) // said to nobody else
const GROUPS = ['mine', 'comments', 'work', 'reminders', 'quiet_nights'] as const satisfies readonly Group[]

screen({
  words: ['wishes'],
  title: (t) => t.wishes.title,
  data: { rows: [] as Row[], trouble: '' },
  own: { wanted: null as Wishes | null, sent: null as Promise<unknown> | null },
  methods: {
    show(wanted: Wishes): Row[] {
      this.wanted = wanted
      const words = say('wishes')
      const posts = Boolean(store.get().me?.posts.length)
      return GROUPS.filter((group) => posts || !OF_POSTS.has(group)).map((group) => ({ group, name: words[group], hint: fill(words[`${group}_hint`], { ...wanted.night }), on: wanted[group] }))
    },
    async turn(event: { currentTarget: { dataset: { group: Group } }; detail: { value: boolean } }) {
      const { group } = event.currentTarget.dataset
      const before = this.wanted!
      const { mine, work, reminders, comments, quiet_nights } = before
      const wanted: WishesForm = { mine, work, reminders, comments, quiet_nights, [group]: event.detail.value }
      this.setData({ rows: this.show({ ...before, ...wanted }), trouble: '' }) // at once, so that the next one knows of it
      this.sent = Promise.resolve(this.sent).then(() => wish(wanted)) // in the order of the taps
      try {
        await this.sent
      } catch (error) {
        this.sent = null
        this.setData({ rows: this.show(before), trouble: problemOf(error).sentence })
      }
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    return { rows: this.show(await wishes()) }
  },
})
