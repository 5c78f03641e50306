// How long is left, ticking: calm, coloured from 80 % of the limit on, and what is over when it is over.
import { part } from '../../core/part'
import { everySecond } from '../../core/tick'
import { lasting, ms, pressure, type Pressure } from '../../core/time'
import { fill, say } from '../../i18n/index'

part({
  props: { what: 'resolve', start: '', due: '' },
  data: { words: '', pressure: 'calm' as Pressure },
  own: { stop: undefined as (() => void) | undefined },
  on: 'what, start, due',
  draw() {
    this.beat(Date.now())
    this.stop ??= everySecond((now) => this.beat(now))
  },
  gone() {
    this.stop?.()
  },
  methods: {
    beat(now: number) {
      const { what, start, due, words } = this.data
      if (!due) return
      const [from, to] = [ms(start || due), ms(due)]
      const clock = say('clock')
      const said = fill(now < to ? clock.left : clock.late, { what: clock[what as 'resolve'], left: lasting(Math.abs(to - now)) })
      if (said !== words) this.setData({ words: said, pressure: pressure(from, to, now) })
    },
  },
})
