// Companies and departments of a community, by kind; one can be added or opened.
import { ownPlaces } from '../../core/office'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { fetchMe } from '../../services/me'
import type { Place } from '../../services/shapes'
import { communities } from '../communities'
import { companies, listed, type Company } from '../companies'

screen({
  words: ['orgs'],
  title: (t) => t.orgs.title,
  data: { places: [] as Place[], place: '', items: [] as Company[], closed: false },
  methods: {
    async choose(event: { detail: { id: string } }) {
      this.setData({ place: event.detail.id, items: [] })
      await this.reload()
    },
    open(event: { currentTarget: { dataset: { id: string; name: string } } }) {
      const { id, name } = event.currentTarget.dataset
      wx.navigateTo({ url: `/office/organisation/index?id=${id}&name=${encodeURIComponent(name)}` })
    },
    add() {
      wx.navigateTo({ url: '/office/organisation/index' })
    },
  },
  async load() {
    const me = store.get().me ?? (await fetchMe())
    const closed = !listed()
    const places = closed ? [] : await communities(ownPlaces(me))
    const place = this.data.place || places[0]?.id || ''
    return { places, place, closed, items: place || closed ? await companies(place) : [] }
  },
})
