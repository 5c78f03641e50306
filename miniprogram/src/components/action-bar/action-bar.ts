// The buttons of a ticket, from its `actions`: the one the server offers first, then the others, the rest under
// "more". What verdict-question asks has no button here.
import { formOf, sortActions, verdictAnswers } from '../../domain/forms'
import { store } from '../../domain/store'
import type { ActionRequest } from '../../domain/types'
import { labelOf } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'
import { fontScale } from '../../ui/theme'

interface Button {
  action: string
  words: string
  tone: string
}

const BESIDE = 2
const LARGE = 1.45 // from this text size on there is one button less

defineComponent({
  words: ['common'],
  props: { ticket: null as Ticket | null },
  data: { main: [] as Button[], more: [] as Button[], open: false, request: null as ActionRequest | null },
  observe: 'ticket',
  update() {
    const { ticket } = this.data
    const buttons = (ticket ? inOrder(ticket) : []).map((action) => ({
      action,
      words: labelOf('action', action),
      tone: action === ticket?.next_action ? 'main' : (formOf(action).tone ?? ''),
    }))
    const most = fontScale() >= LARGE ? BESIDE - 1 : BESIDE
    const beside = buttons.length <= most + 1 ? most + 1 : most
    const main = buttons.slice(0, beside).map((button, n) => ({
      ...button,
      tone: button.tone === 'danger' ? 'danger' : n === 0 && button.tone === 'main' ? 'main' : '',
    }))
    this.setData({ main, more: buttons.slice(beside) })
  },
  methods: {
    act(event: { currentTarget: { dataset: { action: string } } }) {
      this.setData({
        open: false,
        request: { ticket: this.data.ticket!, action: event.currentTarget.dataset.action },
      })
    },
    show() {
      this.setData({ open: true })
      store.set({ actionOpen: true })
    },
    hide() {
      this.setData({ open: false })
      store.set({ actionOpen: false })
    },
    done(event: { detail: unknown }) {
      this.setData({ request: null })
      this.triggerEvent('done', event.detail)
    },
    stale(event: { detail: unknown }) {
      this.setData({ request: null })
      this.triggerEvent('stale', event.detail)
    },
    closed() {
      this.setData({ request: null })
    },
  },
})

function inOrder(ticket: Ticket): string[] {
  const first = ticket.next_action
  const asked = first === 'confirm' ? verdictAnswers(ticket).map((action) => formOf(action).as ?? action) : []
  const rest = sortActions(ticket.actions).filter((action) => !asked.includes(action) && action !== first)
  return first && !asked.includes(first) ? [first, ...rest] : rest
}
