// Companies and departments of a community, by kind; one can be added or opened.
import { ownPlaces } from '../../core/office'
import { Problem } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { fetchMe } from '../../services/me'
import type { Organisation, Place } from '../../services/shapes'
import { communities } from '../communities'
import { companies } from '../companies'

screen({
  words: ['orgs'],
  title: (t) => t.orgs.title,
  data: { places: [] as Place[], place: '', items: [] as Organisation[], closed: false },
  methods: {
    async choose(event: { currentTarget: { dataset: { id: string } } }) {
      this.setData({ place: event.currentTarget.dataset.id, items: [] })
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
    const places = await communities(ownPlaces(me))
    const place = this.data.place || places[0]?.id || ''
    try {
      return { places, place, items: place ? await companies(place) : [], closed: false }
    } catch (error) {
      if (error instanceof Problem && error.status === 403) return { places: [], place, items: [], closed: true } // an admin
      throw error
    }
  },
})
