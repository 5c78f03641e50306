// The buttons of a ticket: drawn from its `actions`, nothing else; what moves it on first, the rest under "more".
import type { Wanted } from '../act-sheet/act-sheet'
import { formOf, ordered } from '../../core/forms'
import { scale } from '../../core/look'
import { part } from '../../core/part'
import { store } from '../../core/store'
import { called } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'

interface Button {
  action: string
  words: string
  tone: string
}

const BESIDE = 2
const LARGE = 1.45 // from this size of text on, one less

part({
  words: ['common'],
  props: { ticket: null as Ticket | null },
  data: { main: [] as Button[], more: [] as Button[], open: false, wanted: null as Wanted | null },
  on: 'ticket',
  draw() {
    const buttons = ordered(this.data.ticket?.actions ?? []).map((action) => ({ action, words: called('action', action), tone: formOf(action).tone ?? '' }))
    const most = scale() >= LARGE ? BESIDE - 1 : BESIDE
    const beside = buttons.length <= most + 1 ? most + 1 : most
    const main = buttons.slice(0, beside).map((button, n) => ({ ...button, tone: button.tone === 'danger' ? 'danger' : n === 0 && button.tone === 'main' ? 'main' : '' }))
    this.setData({ main, more: buttons.slice(beside) })
  },
  methods: {
    act(event: { currentTarget: { dataset: { action: string } } }) {
      this.setData({ open: false, wanted: { ticket: this.data.ticket!, action: event.currentTarget.dataset.action } })
    },
    show() {
      this.setData({ open: true })
      store.set({ acting: true })
    },
    hide() {
      this.setData({ open: false })
      store.set({ acting: false })
    },
    done(event: { detail: unknown }) {
      this.setData({ wanted: null })
      this.triggerEvent('done', event.detail)
    },
    stale(event: { detail: unknown }) {
      this.setData({ wanted: null })
      this.triggerEvent('stale', event.detail)
    },
    closed() {
      this.setData({ wanted: null })
    },
  },
})
