// The visits on the phone that have not arrived: why each waits, and buttons to send or remove it.
import { waitingMessageOf } from '../../../domain/errorMessage'
import { type SharedState } from '../../../domain/store'
import { formatTime } from '../../../domain/time'
import { flushVisits, removeVisit, unsentVisits } from '../../../domain/visits'
import { wordsOf } from '../../../i18n/index'
import { ask } from '../../../ui/ask'
import { defineComponent } from '../../../ui/component'
import '../../words/index'

interface Row {
  key: string
  where: string
  said: string
  waits: string
  refused: string
}

defineComponent({
  words: ['outbox'],
  data: { rows: [] as Row[] },
  update() {
    this.show()
  },
  onStoreChange(changed: Partial<SharedState>) {
    if ('unsentVisits' in changed) this.show()
  },
  methods: {
    show() {
      this.setData({
        rows: unsentVisits().map(({ key, place, at, said, nothing, problem, refused }) => ({
          key,
          where: [place.label, formatTime(new Date(at).toISOString())].join(' · '),
          said: said?.text ?? nothing,
          waits: waitingMessageOf(problem ?? { kind: 'offline', retryAfter: 0 }),
          refused: refused ?? '',
        })),
      })
    },
    send() {
      void flushVisits()
    },
    async remove(event: { currentTarget: { dataset: { key: string } } }) {
      if (await ask(wordsOf('outbox').remove)) removeVisit(event.currentTarget.dataset.key)
    },
  },
})
