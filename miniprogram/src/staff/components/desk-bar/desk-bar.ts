// What staff may do with a ticket: what comes next as buttons, the rest in groups, each with a line that says what it does.
// Drawn from the ticket's `actions`, nothing else; tells `act` {action}.
import { button, deskAct, type Button } from '../../../core/desk'
import { formOf, ordered } from '../../../core/forms'
import { part } from '../../../core/part'
import { store } from '../../../core/store'
import { called } from '../../../i18n/index'
import type { Ticket } from '../../../services/shapes'

interface Row extends Button {
  why: string
}

// What moves a ticket on, most welcome first.
const FIRST = ['accept', 'take', 'arrive', 'report', 'answer', 'confirm', 'verify', 'dispatch', 'resolve', 'settle', 'resume']
const TALK = new Set(['comment', 'note']) // the page has these beside the timeline
const APART = new Set(['reject', 'withdraw'])
const BESIDE = 2

part({
  words: ['common', 'desk'],
  props: { ticket: null as Ticket | null },
  data: { main: [] as Button[], more: [] as Row[], open: false },
  on: 'ticket',
  draw() {
    const { ticket } = this.data
    if (!ticket) return
    const acts = ordered(ticket.actions).filter((action) => !TALK.has(action)).map((action) => deskAct(ticket, action))
    const claimed = acts.includes('verify') && acts.includes('recall')
    const first = claimed ? ['verify', 'recall'] : FIRST.filter((action) => acts.includes(action)).slice(0, BESIDE)
    const rest = acts.filter((action) => !first.includes(action))
    const beside = rest.length === 1 ? [...first, ...rest] : first // one alone needs no sheet
    const tone = (action: string, n: number): string => (APART.has(action) ? 'danger' : n ? '' : formOf(action).tone === 'main' ? 'main' : '')
    this.setData({
      main: beside.map((action, n) => button(action, tone(action, n))),
      more: rest.filter((action) => !beside.includes(action)).map((action) => ({ ...button(action, APART.has(action) ? 'danger' : ''), why: called('why', action, '') })),
    })
  },
  methods: {
    act(event: { currentTarget: { dataset: { action: string } } }) {
      if (this.data.open) this.hide()
      this.triggerEvent('act', { action: event.currentTarget.dataset.action })
    },
    show() {
      this.setData({ open: true })
      store.set({ acting: true })
    },
    hide() {
      this.setData({ open: false })
      store.set({ acting: false })
    },
  },
})

