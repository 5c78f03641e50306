// The time left until a limit, updated every second and coloured by urgency.
import { formatDuration, toMillis, type Urgency, urgencyOf } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { defineComponent } from '../../ui/component'
import { everySecond } from '../../ui/ticker'

defineComponent({
  props: { what: 'resolve', start: '', due: '' },
  data: { words: '', pressure: 'calm' as Urgency },
  instanceFields: { stop: undefined as (() => void) | undefined },
  observe: 'what, start, due',
  update() {
    this.beat(Date.now())
    this.stop ??= everySecond((now) => this.beat(now))
  },
  onDetach() {
    this.stop?.()
  },
  methods: {
    beat(now: number) {
      const { what, start, due, words } = this.data
      if (!due) return
      const [from, to] = [toMillis(start || due), toMillis(due)]
      const clock = wordsOf('clock')
      const text = fill(now < to ? clock.left : clock.late, {
        what: clock[what as 'resolve'],
        left: formatDuration(Math.abs(to - now)),
      })
      if (text !== words) this.setData({ words: text, pressure: urgencyOf(from, to, now) })
    },
  },
})
