// What the reporter of a ticket is promised, and whom they can call about it.
import { type Promised, promiseOf } from '../../domain/promise'
import { fill, wordsOf } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

defineComponent({
  props: { ticket: null as Ticket | null },
  data: {
    promised: null as Promised | null,
    hotline: null as { label: string; phone: string } | null,
  },
  observe: 'ticket',
  update() {
    const { ticket } = this.data
    const promised = ticket && promiseOf(ticket)
    const hotline = promised && ticket.hotline
    this.setData({
      promised,
      hotline: hotline && { ...hotline, label: fill(wordsOf('promise').call, { label: hotline.label }) },
    })
  },
  methods: {
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.ticket!.hotline!.phone, fail: () => undefined })
    },
  },
})
