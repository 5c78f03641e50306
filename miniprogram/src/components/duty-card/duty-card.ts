// The public card of a place's grid: whom to call now, and who can be asked about what.
import { fill, wordsOf } from '../../i18n/index'
import { getDutyCard } from '../../services/duty'
import type { DutyCard, DutySeat } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

interface Row {
  key: number
  who: string
  skills: string
  hours: string
}

const row = (seat: DutySeat, n = 0): Row => ({
  key: n,
  who: [seat.title, seat.name].filter(Boolean).join(' '),
  skills: seat.skills.map((skill) => skill.name).join(wordsOf('duty').comma),
  hours: seat.hours ?? '',
})

defineComponent({
  words: ['duty'],
  props: { place: '' },
  data: { card: null as DutyCard | null, now: '', call: '', rows: [] as Row[], open: false },
  instanceFields: { askedFor: '' },
  observe: 'place',
  async update() {
    const { place } = this.data
    this.askedFor = place
    const card = place ? await getDutyCard(place).catch(() => null) : null
    if (place !== this.askedFor) return
    const words = wordsOf('duty')
    this.setData({
      card,
      now: card?.answers ? fill(words.now, { who: row(card.answers).who }) : words.nobody,
      call: card?.call ? fill(words.call, { label: card.call.label }) : '',
      rows: card ? [...card.posts, ...card.stewards].map(row) : [],
    })
  },
  methods: {
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.card!.call!.phone, fail: () => undefined })
    },
    toggle() {
      this.setData({ open: !this.data.open })
    },
  },
})
