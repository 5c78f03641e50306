// Days on a month's sheet: tap the first, then the last. Tells `change` {from, until}, dates, both included.
import { monthPlus, spokenDay, today, weeks } from '../../../core/dates'
import { part } from '../../../core/part'
import { fill, say } from '../../../i18n/index'

interface Day {
  key: string
  date: string
  n: string
  said: string
  look: string
}

part({
  words: ['office'],
  props: { from: '', until: '', open: false },
  data: { month: '', title: '', first: true, week: [] as string[], rows: [] as { key: string; days: Day[] }[], chosen: '' },
  on: 'from, until, open',
  draw() {
    if (!this.data.month) this.setData({ month: (this.data.from || today()).slice(0, 7) })
    this.lay()
  },
  methods: {
    lay() {
      const { month, from, until, open } = this.data
      const words = say('time')
      const [year, of] = month.split('-').map(Number)
      this.setData({
        title: `${year} · ${of}`,
        first: month <= today().slice(0, 7),
        week: [words.week1, words.week2, words.week3, words.week4, words.week5, words.week6, words.week0].map((day) => day.replace('周', '')),
        rows: weeks(month).map((week, row) => ({ key: `${month}${row}`, days: week.map((date, n) => day(date, n, from, until, open)) })),
        chosen: from ? (open ? fill(say('office').awayOpen, { from: spokenDay(from) }) : fill(say('office').chosen, { from: spokenDay(from), until: spokenDay(until || from) })) : say('office').range,
      })
    },
    turn(event: { currentTarget: { dataset: { n: number } } }) {
      if (event.currentTarget.dataset.n < 0 && this.data.first) return
      this.setData({ month: monthPlus(this.data.month, event.currentTarget.dataset.n) })
      this.lay()
    },
    tap(event: { currentTarget: { dataset: { date: string } } }) {
      const { date } = event.currentTarget.dataset
      const { from, until, open } = this.data
      if (!date || date < today()) return
      const second = from && date >= from && (until === from || !until) && !open
      this.triggerEvent('change', second ? { from, until: date } : { from: date, until: date })
    },
  },
})

function day(date: string, n: number, from: string, until: string, open: boolean): Day {
  const end = date === from || (!open && date === (until || from))
  const within = Boolean(date && from && date >= from && (open || date <= (until || from)))
  const look = !date ? 'none' : date < today() ? 'past' : end ? 'end' : within ? 'within' : date === today() ? 'now' : ''
  return { key: date || `blank${n}`, date, n: date ? String(Number(date.slice(8))) : '', said: date ? spokenDay(date) : '', look }
}
