// Ticket cards under each other; `quick` is the act one tap on a card does.
import type { Wanted } from '../act-sheet/act-sheet'
import { part } from '../../core/part'
import type { Ticket } from '../../services/shapes'

part({
  words: ['common'],
  props: { items: [] as Ticket[], quick: '', more: false },
  data: { wanted: null as Wanted | null },
  methods: {
    act(event: { detail: Wanted }) {
      this.setData({ wanted: event.detail })
    },
    done(event: { detail: unknown }) {
      this.setData({ wanted: null })
      this.triggerEvent('changed', event.detail)
    },
    stale(event: { detail: { sentence: string } }) {
      wx.showToast({ title: event.detail.sentence, icon: 'none', duration: 3000 })
      this.done(event)
    },
    closed() {
      this.setData({ wanted: null })
    },
  },
})
