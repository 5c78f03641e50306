// A link on anonymous tickets to request the reporter's identity. Shown to community and street posts; the
// server decides.
import { hasRole } from '../../domain/roles'
import type { SharedState } from '../../domain/store'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['unseal'],
  props: { ticket: null as Ticket | null },
  data: { visible: false },
  observe: 'ticket',
  update() {
    this.see()
  },
  onStoreChange(changed: Partial<SharedState>) {
    if ('me' in changed) this.see()
  },
  methods: {
    see() {
      this.setData({ visible: Boolean(this.data.ticket?.anonymous && hasRole(['community', 'street'])) })
    },
    open() {
      wx.navigateTo({ url: `/office/unseal/index?ticket=${this.data.ticket!.id}&no=${this.data.ticket!.no}` })
    },
  },
})
