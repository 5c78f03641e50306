// Choosing a range of days in a calendar month, from today on or (`back`) until today. Event: `change`
// {from, until}, both included.
import { addMonths, formatDay, today, weeks } from '../../../domain/dates'
import { fill, wordsOf } from '../../../i18n/index'
import { defineComponent } from '../../../ui/component'

interface Day {
  key: string
  date: string
  n: string
  label: string
  state: string
}

defineComponent({
  words: ['office'],
  props: { from: '', until: '', open: false, back: false },
  data: {
    month: '',
    title: '',
    first: true,
    last: false,
    week: [] as string[],
    rows: [] as { key: string; days: Day[] }[],
    chosen: '',
  },
  observe: 'from, until, open, back',
  update() {
    if (!this.data.month) this.setData({ month: (this.data.from || today()).slice(0, 7) })
    this.lay()
  },
  methods: {
    lay() {
      const { month, from, until, open, back } = this.data
      const words = wordsOf('time')
      const [year, of] = month.split('-').map(Number)
      this.setData({
        title: `${year} · ${of}`,
        first: !back && month <= today().slice(0, 7),
        last: back && month >= today().slice(0, 7),
        week: [words.week1, words.week2, words.week3, words.week4, words.week5, words.week6, words.week0].map(
          (day) => day.replace('周', ''),
        ),
        rows: weeks(month).map((week, row) => ({
          key: `${month}${row}`,
          days: week.map((date, n) => day(date, n, from, until, open, back)),
        })),
        chosen: from
          ? open
            ? fill(wordsOf('office').awayOpen, { from: formatDay(from) })
            : fill(wordsOf('office').chosen, { from: formatDay(from), until: formatDay(until || from) })
          : wordsOf('office').range,
      })
    },
    turn(event: { currentTarget: { dataset: { n: number } } }) {
      if (event.currentTarget.dataset.n < 0 ? this.data.first : this.data.last) return
      this.setData({ month: addMonths(this.data.month, event.currentTarget.dataset.n) })
      this.lay()
    },
    tap(event: { currentTarget: { dataset: { date: string } } }) {
      const { date } = event.currentTarget.dataset
      const { from, until, open, back } = this.data
      if (!date || isOut(date, back)) return
      const second = from && date >= from && (until === from || !until) && !open
      this.triggerEvent('change', second ? { from, until: date } : { from: date, until: date })
    },
  },
})

const isOut = (date: string, back: boolean): boolean => (back ? date > today() : date < today())

function day(date: string, n: number, from: string, until: string, open: boolean, back: boolean): Day {
  const end = date === from || (!open && date === (until || from))
  const within = Boolean(date && from && date >= from && (open || date <= (until || from)))
  const state = !date
    ? 'none'
    : isOut(date, back)
      ? 'past'
      : end
        ? 'end'
        : within
          ? 'within'
          : date === today()
            ? 'now'
            : ''
  return {
    key: date || `blank${n}`,
    date,
    n: date ? String(Number(date.slice(8))) : '',
    label: date ? formatDay(date) : '',
    state,
  }
}
