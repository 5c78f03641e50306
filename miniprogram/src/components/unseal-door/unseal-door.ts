// On an anonymous ticket, for a community or street post: the way to ask who reported. The server decides.
import { holds } from '../../core/office'
import { part } from '../../core/part'
import type { Shared } from '../../core/store'
import type { Ticket } from '../../services/shapes'

part({
  words: ['unseal'],
  props: { ticket: null as Ticket | null },
  data: { shown: false },
  on: 'ticket',
  draw() {
    this.see()
  },
  shared(changed: Partial<Shared>) {
    if ('me' in changed) this.see()
  },
  methods: {
    see() {
      this.setData({ shown: Boolean(this.data.ticket?.anonymous && holds(['community', 'street'])) })
    },
    open() {
      wx.navigateTo({ url: `/office/unseal/index?ticket=${this.data.ticket!.id}&no=${this.data.ticket!.no}` })
    },
  },
})
