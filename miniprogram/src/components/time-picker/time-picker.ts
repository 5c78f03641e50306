// Choosing a time in the coming days: a day, then an hour. Event: `change` {value}, RFC 3339. `wide`: three weeks and
// every hour of the day, for what is arranged with others.
import { dayOf, shanghaiTime, weekday } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { defineComponent } from '../../ui/component'

const DAYS = 8
const HOURS = [9, 12, 15, 17.5, 20] // 12 and 17:30 end half a working day
const MANY_DAYS = 21
const ALL_HOURS = Array.from({ length: 13 }, (_, n) => n + 8) // 8:00 to 20:00
const LAST = 17.5

interface Choice {
  words: string
  under: string
  on: boolean
}

const named = (n: number): string => {
  const words = wordsOf('time')
  return n === 0 ? words.dayToday : n === 1 ? words.dayTomorrow : words[`week${weekday(n)}` as 'week0']
}

defineComponent({
  props: { value: '', wide: false },
  data: { days: [] as Choice[], hours: [] as Choice[] },
  observe: 'value, wide',
  update() {
    const { day, hour } = this.chosen()
    this.setData({
      days: Array.from({ length: this.length() }, (_, n) => ({
        words: named(n),
        under: fill(wordsOf('time').day, dayOf(n)),
        on: n === day,
      })),
      hours: this.clocks().map((h) => ({
        words: `${Math.floor(h)}:${h % 1 ? '30' : '00'}`,
        under: '',
        on: h === hour,
      })),
    })
  },
  methods: {
    length(): number {
      return this.data.wide ? MANY_DAYS : DAYS
    },
    clocks(): number[] {
      return this.data.wide ? ALL_HOURS : HOURS
    },
    /** The day and hour of the value; none when an old draft has a day that has passed. */
    chosen(): { day: number; hour: number } {
      const days = Array.from({ length: this.length() }, (_, n) => n)
      for (const day of days)
        for (const hour of this.clocks())
          if (shanghaiTime(day, hour * 60) === this.data.value) return { day, hour }
      return { day: -1, hour: this.data.wide ? 15 : LAST }
    },
    chooseDay(event: { currentTarget: { dataset: { n: number } } }) {
      this.emit(event.currentTarget.dataset.n, this.chosen().hour)
    },
    chooseHour(event: { currentTarget: { dataset: { n: number } } }) {
      this.emit(Math.max(0, this.chosen().day), this.clocks()[event.currentTarget.dataset.n]!)
    },
    emit(day: number, hour: number) {
      this.triggerEvent('change', { value: shanghaiTime(day, hour * 60) })
    },
  },
})
