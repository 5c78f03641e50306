// A moment in the coming days: a day, then an hour; no wheel to turn. Emits RFC 3339.
import { part } from '../../core/part'
import { ahead, dayOf, weekday } from '../../core/time'
import { fill, say } from '../../i18n/index'

const DAYS = 8
const HOURS = [9, 12, 15, 17.5, 20] as const // ends of halves of a working day among them
const LAST = 17.5

interface Choice {
  words: string
  under: string
  on: boolean
}

const named = (n: number): string => {
  const words = say('time')
  return n === 0 ? words.dayToday : n === 1 ? words.dayTomorrow : words[`week${weekday(n)}` as 'week0']
}

part({
  props: { value: '' },
  data: { days: [] as Choice[], hours: [] as Choice[] },
  on: 'value',
  draw() {
    const { day, hour } = this.chosen()
    this.setData({
      days: Array.from({ length: DAYS }, (_, n) => ({ words: named(n), under: fill(say('time').day, dayOf(n)), on: n === day })),
      hours: HOURS.map((h) => ({ words: `${Math.floor(h)}:${h % 1 ? '30' : '00'}`, under: '', on: h === hour })),
    })
  },
  methods: {
    /** What the value says; a draft of yesterday may be of a day that is no more. */
    chosen(): { day: number; hour: number } {
      const days = Array.from({ length: DAYS }, (_, n) => n)
      for (const day of days) for (const hour of HOURS) if (ahead(day, hour * 60) === this.data.value) return { day, hour }
      return { day: -1, hour: LAST }
    },
    chooseDay(event: { currentTarget: { dataset: { n: number } } }) {
      this.tell(event.currentTarget.dataset.n, this.chosen().hour)
    },
    chooseHour(event: { currentTarget: { dataset: { n: number } } }) {
      this.tell(Math.max(0, this.chosen().day), HOURS[event.currentTarget.dataset.n]!)
    },
    tell(day: number, hour: number) {
      this.triggerEvent('change', { value: ahead(day, hour * 60) })
    },
  },
})
