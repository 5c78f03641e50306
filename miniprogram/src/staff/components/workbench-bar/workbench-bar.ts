// The actions of staff on a ticket: the next ones as buttons, the rest in a sheet with an explanation each.
// Only what is in the ticket's `actions`. Event: `act` {action}.
import { formOf, sortActions } from '../../../domain/forms'
import { store } from '../../../domain/store'
import { button, type Button, workbenchAction } from '../../../domain/workbench'
import { labelOf } from '../../../i18n/index'
import type { Ticket } from '../../../services/shapes'
import { defineComponent } from '../../../ui/component'

interface Row extends Button {
  why: string
}

// Actions that move a ticket on, the most important first.
const FIRST = [
  'accept',
  'take',
  'arrive',
  'report',
  'answer',
  'confirm',
  'verify',
  'dispatch',
  'resolve',
  'settle',
  'resume',
]
// What nobody holds is assigned first.
const firstActions = (ticket: Ticket): string[] => (ticket.holder ? FIRST : ['reassign', ...FIRST])
const TALK = new Set(['comment', 'note']) // the page shows these beside the timeline
const APART = new Set(['reject', 'withdraw'])
const BESIDE = 2

defineComponent({
  words: ['common', 'workbench'],
  props: { ticket: null as Ticket | null },
  data: { main: [] as Button[], more: [] as Row[], open: false },
  observe: 'ticket',
  update() {
    const { ticket } = this.data
    if (!ticket) return
    const acts = sortActions(ticket.actions)
      .filter((action) => !TALK.has(action))
      .map((action) => workbenchAction(ticket, action))
    const claimed = acts.includes('verify') && acts.includes('recall')
    const first = claimed
      ? ['verify', 'recall']
      : firstActions(ticket)
          .filter((action) => acts.includes(action))
          .slice(0, BESIDE)
    const rest = acts.filter((action) => !first.includes(action))
    const beside = rest.length === 1 ? [...first, ...rest] : first // a single action needs no sheet
    const tone = (action: string, n: number): string =>
      APART.has(action) ? 'danger' : n ? '' : formOf(action).tone === 'main' ? 'main' : ''
    this.setData({
      main: beside.map((action, n) => button(action, tone(action, n))),
      more: rest
        .filter((action) => !beside.includes(action))
        .map((action) => ({
          ...button(action, APART.has(action) ? 'danger' : ''),
          why: labelOf('why', action, ''),
        })),
    })
  },
  methods: {
    act(event: { currentTarget: { dataset: { action: string } } }) {
      if (this.data.open) this.hide()
      this.triggerEvent('act', { action: event.currentTarget.dataset.action })
    },
    show() {
      this.setData({ open: true })
      store.set({ actionOpen: true })
    },
    hide() {
      this.setData({ open: false })
      store.set({ actionOpen: false })
    },
  },
})
