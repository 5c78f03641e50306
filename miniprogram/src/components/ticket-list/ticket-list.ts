// A list of ticket cards. `quick` is the action that one tap on a card does.
import type { ActionRequest } from '../../domain/types'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['common'],
  props: { items: [] as Ticket[], quick: '', more: false },
  data: { request: null as ActionRequest | null },
  methods: {
    act(event: { detail: ActionRequest }) {
      this.setData({ request: event.detail })
    },
    done(event: { detail: unknown }) {
      this.setData({ request: null })
      this.triggerEvent('changed', event.detail)
    },
    stale(event: { detail: { sentence: string } }) {
      wx.showToast({ title: event.detail.sentence, icon: 'none', duration: 3000 })
      this.done(event)
    },
    closed() {
      this.setData({ request: null })
    },
  },
})
