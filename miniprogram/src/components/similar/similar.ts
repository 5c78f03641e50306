// Open tickets of the same place and kind: joining one is better than a second report. Silent when there are none, or no network.
import { part } from '../../core/part'
import { problemOf } from '../../core/problem'
import { spoken } from '../../core/time'
import { fill, say } from '../../i18n/index'
import { nameOf } from '../../services/categories'
import { follow, similar, type Similar } from '../../services/tickets'

interface Row {
  id: string
  name: string
  where: string
  status: string
  followers: string
}

const row = (each: Similar): Row => ({
  id: each.id,
  name: nameOf(each.category),
  where: [each.place?.label, spoken(each.created_at)].filter(Boolean).join(' · '),
  status: each.status,
  followers: fill(say('report').followers, { n: each.followers + 1 }),
})

part({
  words: ['report'],
  props: { place: '', category: '' },
  data: { rows: [] as Row[] },
  own: { asked: '' },
  on: 'place, category',
  async draw() {
    const { place, category } = this.data
    const asked = `${place} ${category}`
    if (!place || !category || asked === this.asked) return
    this.asked = asked
    const found = await similar(place, category).catch(() => ({ items: [] as Similar[] }))
    if (asked === this.asked) this.setData({ rows: found.items.slice(0, 3).map(row) })
  },
  methods: {
    async join(event: { currentTarget: { dataset: { id: string } } }) {
      const { id } = event.currentTarget.dataset
      try {
        await follow(id)
        wx.showToast({ title: say('ticket').followed, icon: 'none' })
        this.triggerEvent('followed', { id })
      } catch (error) {
        wx.showToast({ title: problemOf(error).sentence, icon: 'none' })
      }
    },
  },
})
