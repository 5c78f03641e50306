// The grids of a community: what they cover, who holds which post, which posts are vacant.
// Grid staff see only their own grids.
import { absenceText } from '../../domain/absence'
import { fetchMe } from '../../domain/profile'
import { managedPlaces } from '../../domain/roles'
import { roleName } from '../../domain/roleName'
import { store } from '../../domain/store'
import { fill, wordsOf } from '../../i18n/index'
import { getGrids, listOwnGrids } from '../../services/settings'
import type { GridCard, Grids, Place } from '../../services/shapes'
import { definePage } from '../../ui/page'
import { communities } from '../communities'
import '../words/index'

interface Seat {
  key: string
  role: string
  name: string // of the role
  who: string
  away: string
  vacant: boolean // nobody is invited yet
  mark: string // responsible today
}

interface GridView {
  id: string
  name: string
  covers: string
  open: string
  seats: Seat[]
}

const ORDER = ['head', 'deputy', 'duty', 'member']

definePage({
  words: ['grids'],
  title: (t) => t.grids.title,
  data: {
    places: [] as Place[],
    place: '',
    label: '',
    views: [] as GridView[],
    without: '',
    none: false,
    own: false,
  },
  onOpen(query) {
    this.setData({ place: query['place'] ?? '' })
  },
  methods: {
    async choose(event: { detail: { id: string } }) {
      this.setData({ place: event.detail.id, views: [] })
      await this.reload()
    },
    invite(event: { currentTarget: { dataset: { grid: string; role: string } } }) {
      const { grid, role } = event.currentTarget.dataset
      wx.navigateTo({ url: `/office/invite/index?role=${role}&grid=${grid}&community=${this.data.place}` })
    },
  },
  async load() {
    const me = store.get().me ?? (await fetchMe())
    if (!managedPlaces(me).length) return mine()
    const places = await communities(managedPlaces(me))
    const place = places.some((each) => each.id === this.data.place) ? this.data.place : (places[0]?.id ?? '')
    if (!place) return { places, none: true }
    const there = await getGrids(place)
    return {
      places,
      place,
      label: there.label,
      views: there.grids.map(grid),
      without: there.without_grid.map((cover) => cover.label).join('、'),
      none: !there.grids.length,
    }
  },
})

function grid({ id, name, covers, posts, open_tickets }: Grids['grids'][number]): GridView {
  const words = wordsOf('grids')
  const seats = [...posts]
    .sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role))
    .map((post, n) => ({
      key: post.id ?? `${post.role}${n}`,
      role: post.role,
      name: roleName(post.role, post.role_name),
      who: post.person ? (post.person.name ?? words.unnamed) : post.id ? words.invited : words.vacant,
      away: post.person ? absenceText(post) : '',
      vacant: !post.id,
      mark: '',
    }))
  return {
    id,
    name,
    covers: covers.map((cover) => cover.label).join('、') || words.nothing,
    open: open_tickets ? fill(words.open, { n: open_tickets }) : '',
    seats,
  }
}

async function mine(): Promise<{ views: GridView[]; own: boolean; none: boolean }> {
  const views = (await listOwnGrids()).map(card)
  return { views, own: true, none: !views.length }
}

function card({ id, label, covers, seats }: GridCard): GridView {
  const words = wordsOf('grids')
  const views = seats.map((seat, n) => ({
    key: `${seat.role}${n}`,
    role: seat.role,
    name: roleName(seat.role, seat.role_name),
    who: seat.held ? (seat.name ?? words.unnamed) : words.vacant,
    away: absenceText(seat),
    vacant: false,
    mark: seat.answers ? words.answers : '',
  }))
  return {
    id,
    name: label,
    covers: covers.map((cover) => cover.label).join('、') || words.nothing,
    open: '',
    seats: views,
  }
}
