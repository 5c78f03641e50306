// A moment in the coming days: a day, then an hour; no wheel to turn. Emits RFC 3339.
import { part } from '../../core/part'
import { ahead, dayOf, weekday } from '../../core/time'
import { fill, say } from '../../i18n/index'

const DAYS = 8
const HOURS = [9, 12, 15, 17.5, 20] as const // ends of halves of a working day among them
const LAST = 17.5

part({
  props: { value: '' },
  data: { days: [] as { n: number; words: string; on: boolean }[], hours: [] as { h: number; words: string; on: boolean }[] },
  own: { day: -1, hour: LAST as number },
  draw() {
    const words = say('time')
    const named = (n: number): string => (n === 0 ? words.dayToday : n === 1 ? words.dayTomorrow : `${fill(words.day, dayOf(n))} ${words[`week${weekday(n)}` as 'week0']}`)
    this.setData({
      days: Array.from({ length: DAYS }, (_, n) => ({ n, words: named(n), on: n === this.day })),
      hours: HOURS.map((h) => ({ h, words: `${Math.floor(h)}:${h % 1 ? '30' : '00'}`, on: h === this.hour })),
    })
  },
  methods: {
    chooseDay(event: { currentTarget: { dataset: { n: number } } }) {
      this.day = event.currentTarget.dataset.n
      this.told()
    },
    chooseHour(event: { currentTarget: { dataset: { n: number } } }) {
      this.hour = HOURS[event.currentTarget.dataset.n]!
      if (this.day < 0) this.day = 0
      this.told()
    },
    told() {
      this.redraw()
      this.triggerEvent('change', { value: ahead(this.day, this.hour * 60) })
    },
    redraw() {
      const { days, hours } = this.data
      this.setData({ days: days.map((each) => ({ ...each, on: each.n === this.day })), hours: hours.map((each) => ({ ...each, on: each.h === this.hour })) })
    },
  },
})
