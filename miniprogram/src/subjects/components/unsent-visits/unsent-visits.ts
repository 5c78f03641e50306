// The visits on the phone that have not arrived: how many and why they wait, a button to send them; a tap shows each.
// One that was refused is shown at once.
import { waitingMessageOf } from '../../../domain/errorMessage'
import type { SharedState } from '../../../domain/store'
import { formatTime } from '../../../domain/time'
import { flushVisits, removeVisit, unsentVisits } from '../../../domain/visits'
import { fill, wordsOf } from '../../../i18n/index'
import { ask } from '../../../ui/ask'
import { defineComponent } from '../../../ui/component'
import '../../words/index'

interface Row {
  key: string
  where: string
  said: string
  refused: string
}

defineComponent({
  words: ['outbox', 'visits', 'duty'],
  data: { rows: [] as Row[], title: '', waits: '', open: false },
  update() {
    this.show()
  },
  onStoreChange(changed: Partial<SharedState>) {
    if ('unsentVisits' in changed) this.show()
  },
  methods: {
    show() {
      const visits = unsentVisits()
      const next = visits.find(({ refused }) => !refused)
      this.setData({
        rows: visits.map(({ key, place, at, said, nothing, refused }) => ({
          key,
          where: [place.label, formatTime(new Date(at).toISOString())].join(' · '),
          said: said?.text ?? nothing,
          refused: refused ?? '',
        })),
        title: fill(wordsOf('visits').unsent, { n: visits.length }),
        waits: next ? waitingMessageOf(next.problem ?? { kind: 'offline', retryAfter: 0 }) : '',
        open: this.data.open || visits.some(({ refused }) => refused),
      })
    },
    toggle() {
      this.setData({ open: !this.data.open })
    },
    send() {
      void flushVisits()
    },
    async remove(event: { currentTarget: { dataset: { key: string } } }) {
      if (await ask(wordsOf('outbox').remove)) removeVisit(event.currentTarget.dataset.key)
    },
  },
})
