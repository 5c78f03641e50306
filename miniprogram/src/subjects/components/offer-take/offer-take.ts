// Taking what is offered: where there is some, how many, what it costs; where none is left, the waiting list. What somebody
// has reserved already is led to. Property: `offer`.
import { messageOf } from '../../../domain/errorMessage'
import { homeAncestors } from '../../../domain/places'
import { askForMessages } from '../../../domain/subscriptions'
import { isTaken, stationsNear } from '../../domain/offerKinds'
import { fill, wordsOf } from '../../../i18n/index'
import { newKey } from '../../../platform/idempotencyKey'
import { listOwnAccounts } from '../../../services/accounts'
import type { Offer, Subject } from '../../../services/shapes'
import { createSubject, listSubjects } from '../../../services/subjects'
import { defineComponent } from '../../../ui/component'
import { subjectRoute } from '../../../ui/subjectRoute'
import '../../words/index'

interface Station {
  id: string
  words: string
  left: number
}
const MOST = 5 // that the phone offers at a time

defineComponent({
  words: ['take'],
  props: { offer: null as (Offer & { noun: 'offer' }) | null },
  data: {
    own: null as Subject | null,
    stations: [] as Station[],
    station: '',
    counts: [] as number[],
    count: 1,
    cost: '',
    short: false, // of points
    send: '',
    note: '',
    busy: false,
    trouble: '',
  },
  instanceFields: { key: '', points: null as number | null, asked: '' },
  methods: {
    async fetch() {
      const offer = this.data.offer!
      try {
        const [mine, home, accounts] = await Promise.all([
          listSubjects('reservation', { source_id: offer.id, mine: true }),
          homeAncestors(),
          offer.price ? listOwnAccounts() : [],
        ])
        this.points = accounts
          .filter(({ circle }) => circle.kind === offer.points)
          .reduce((sum, { balance }) => sum + balance, 0)
        const stations = stationsNear(offer, home[0]?.label ?? '').map(({ place, left }) => ({
          id: place.id,
          left,
          words: fill(wordsOf('take').station, { place: place.label, n: left }),
        }))
        const first = stations.find(({ left }) => left > 0)?.id ?? ''
        this.setData({ own: mine.items.find(isTaken) ?? null, stations, station: first, trouble: '' })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.draw()
    },
    draw() {
      const offer = this.data.offer!
      const words = wordsOf('take')
      const { stations, station } = this.data
      const left = stations.find(({ id }) => id === station)?.left ?? 0
      const several = offer.kind === 'goods' || offer.kind === 'consumable'
      const counts = Array.from({ length: several ? Math.min(MOST, Math.max(left, 1)) : 1 }, (_, n) => n + 1)
      const count = Math.min(this.data.count, counts.length)
      const cost = offer.price * count
      const none = offer.kind !== 'service' && !offer.left
      this.setData({
        counts,
        count,
        cost: cost ? fill(words.cost, { n: cost, have: this.points ?? 0 }) : '',
        short: cost > (this.points ?? 0),
        send: none ? words.wait : words[offer.kind],
        note: none
          ? fill(words.waitNote, { n: offer.waiting + 1 })
          : offer.needs_grant
            ? words.grantNote
            : '',
      })
    },
    choose(event: { currentTarget: { dataset: { id: string } } }) {
      this.setData({ station: event.currentTarget.dataset.id })
      this.draw()
    },
    number(event: { currentTarget: { dataset: { n: number } } }) {
      this.setData({ count: event.currentTarget.dataset.n })
      this.draw()
    },
    async take() {
      if (this.data.busy) return
      askForMessages('common_life') // from the tap, which is not over yet
      const { offer, station, count } = this.data
      this.key ||= newKey()
      this.setData({ busy: true, trouble: '' })
      try {
        const body = { offer_id: offer!.id, quantity: count, ...(station ? { place_id: station } : {}) }
        const made = await createSubject('reservation', body, this.key)
        wx.navigateTo({ url: subjectRoute('reservation', made.id) })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
        this.triggerEvent('stale')
      }
      this.key = ''
      this.setData({ busy: false })
    },
    open() {
      wx.navigateTo({ url: subjectRoute('reservation', this.data.own!.id) })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  observe: 'offer',
  update() {
    const { offer } = this.data
    if (!offer) return
    const asked = `${offer.id} ${offer.version} ${offer.left} ${offer.waiting}`
    if (asked === this.asked) return this.draw()
    this.asked = asked
    void this.fetch()
  },
})
