// A ticket in a list: what, where, how long is left, whose turn it is; `quick` is an act done with one tap from here.
import { ticketPage } from '../../core/opening'
import { part } from '../../core/part'
import { spoken } from '../../core/time'
import { turnOf, type Shown } from '../../core/turn'
import { called } from '../../i18n/index'
import { nameOf } from '../../services/categories'
import type { Ticket } from '../../services/shapes'

part({
  words: ['ticket', 'report', 'clock'],
  props: { ticket: null as Ticket | null, quick: '' },
  data: { name: '', where: '', at: '', shown: null as Shown | null, quickName: '' },
  on: 'ticket, quick',
  draw() {
    const { ticket, quick } = this.data
    if (!ticket) return
    const place = [ticket.place?.label, ticket.place_note].filter(Boolean).join(' ')
    const can = Boolean(quick) && ticket.actions.includes(quick)
    this.setData({ name: nameOf(ticket.category), where: place || ticket.description || ticket.no, at: spoken(ticket.created_at), shown: turnOf(ticket), quickName: can ? called('action', quick) : '' })
  },
  methods: {
    open() {
      wx.navigateTo({ url: ticketPage(this.data.ticket!.id) })
    },
    act() {
      this.triggerEvent('act', { ticket: this.data.ticket, action: this.data.quick })
    },
  },
})
