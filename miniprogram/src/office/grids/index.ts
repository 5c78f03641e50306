// A community's grids: what they cover, who holds which post, what is vacant; a street chooses the community first.
// Whoever works in grids reads the cards of their own.
import { absenceOf } from '../../core/absence'
import { ownPlaces } from '../../core/office'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { fill, say } from '../../i18n/index'
import { fetchMe } from '../../services/me'
import { grids, ownGrids } from '../../services/settings'
import type { GridCard, Grids, Place } from '../../services/shapes'
import { communities } from '../communities'

interface Seat {
  key: string
  role: string
  name: string // of the role
  who: string
  away: string
  vacant: boolean // nobody was invited yet: one may
  mark: string // answers today
}

interface Shown {
  id: string
  name: string
  covers: string
  open: string
  seats: Seat[]
}

const ORDER = ['head', 'deputy', 'duty', 'member']

screen({
  words: ['grids'],
  title: (t) => t.grids.title,
  data: { places: [] as Place[], place: '', label: '', shown: [] as Shown[], without: '', none: false, own: false },
  opened(query) {
    this.setData({ place: query['place'] ?? '' })
  },
  methods: {
    async choose(event: { detail: { id: string } }) {
      this.setData({ place: event.detail.id, shown: [] })
      await this.reload()
    },
    invite(event: { currentTarget: { dataset: { grid: string; role: string } } }) {
      const { grid, role } = event.currentTarget.dataset
      wx.navigateTo({ url: `/office/invite/index?role=${role}&grid=${grid}&community=${this.data.place}` })
    },
  },
  async load() {
    const me = store.get().me ?? (await fetchMe())
    if (!ownPlaces(me).length) return mine()
    const places = await communities(ownPlaces(me))
    const place = places.some((each) => each.id === this.data.place) ? this.data.place : (places[0]?.id ?? '')
    if (!place) return { places, none: true }
    const there = await grids(place)
    return { places, place, label: there.label, shown: there.grids.map(grid), without: there.without_grid.map((cover) => cover.label).join('、'), none: !there.grids.length }
  },
})

function grid({ id, name, covers, posts, open_tickets }: Grids['grids'][number]): Shown {
  const words = say('grids')
  const seats = [...posts].sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role)).map((post, n) => ({
    key: post.id ?? `${post.role}${n}`,
    role: post.role,
    name: post.role_name,
    who: post.person ? (post.person.name ?? words.unnamed) : post.id ? words.invited : words.vacant,
    away: post.person ? absenceOf(post) : '',
    vacant: !post.id,
    mark: '',
  }))
  return { id, name, covers: covers.map((cover) => cover.label).join('、') || words.nothing, open: open_tickets ? fill(words.open, { n: open_tickets }) : '', seats }
}

async function mine(): Promise<{ shown: Shown[]; own: boolean; none: boolean }> {
  const shown = (await ownGrids()).map(card)
  return { shown, own: true, none: !shown.length }
}

function card({ id, label, covers, seats }: GridCard): Shown {
  const words = say('grids')
  const shown = seats.map((seat, n) => ({
    key: `${seat.role}${n}`,
    role: seat.role,
    name: seat.role_name,
    who: seat.held ? (seat.name ?? words.unnamed) : words.vacant,
    away: absenceOf(seat),
    vacant: false,
    mark: seat.answers ? words.answers : '',
  }))
  return { id, name: label, covers: covers.map((cover) => cover.label).join('、') || words.nothing, open: '', seats: shown }
}
