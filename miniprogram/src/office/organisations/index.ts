// The companies and departments of a community, whether or not anybody acts for them.
import { fetchMe } from '../../domain/profile'
import { managedPlaces } from '../../domain/roles'
import { store } from '../../domain/store'
import { listOrganisationsAt } from '../../services/organisations'
import type { Organisation, Place } from '../../services/shapes'
import { definePage } from '../../ui/page'
import { communities } from '../communities'
import '../words/index'

definePage({
  words: ['orgs'],
  title: (t) => t.orgs.title,
  data: { places: [] as Place[], place: '', items: [] as Organisation[] },
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
    const places = await communities(managedPlaces(me))
    const place = this.data.place || places[0]?.id || ''
    return { places, place, items: place ? await listOrganisationsAt(place) : [] }
  },
})
