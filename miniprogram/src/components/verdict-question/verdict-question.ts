// "Is it fixed?": one question with three answers, while the ticket asks its reporter. The stars come after.
// Events: `done` {ticket}, `stale` {sentence}, as of action-sheet.
import { verdictAnswers } from '../../domain/forms'
import type { ActionRequest } from '../../domain/types'
import { labelOf } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

interface Answer {
  action: string
  words: string
}

defineComponent({
  words: ['ticket'],
  props: { ticket: null as Ticket | null },
  data: { answers: [] as Answer[], request: null as ActionRequest | null },
  observe: 'ticket',
  update() {
    const { ticket } = this.data
    const answers = ticket?.next_action === 'confirm' ? verdictAnswers(ticket) : []
    this.setData({ answers: answers.map((action) => ({ action, words: labelOf('action', action) })) })
  },
  methods: {
    answer(event: { currentTarget: { dataset: { action: string } } }) {
      this.setData({
        request: { ticket: this.data.ticket!, action: event.currentTarget.dataset.action },
      })
    },
    done(event: { detail: unknown }) {
      this.closed()
      this.triggerEvent('done', event.detail)
    },
    stale(event: { detail: unknown }) {
      this.closed()
      this.triggerEvent('stale', event.detail)
    },
    closed() {
      this.setData({ request: null })
    },
  },
})
