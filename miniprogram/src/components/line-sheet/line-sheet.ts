// One line to type in a sheet: a name, a number, a code. Tells `save` {value} and `closed`; stays open until told otherwise.
import { part } from '../../core/part'
import { store } from '../../core/store'

part({
  words: ['common'],
  props: { visible: false, title: '', hint: '', value: '', type: 'text', problem: '', busy: false },
  data: { typed: '' },
  on: 'value, visible',
  draw() {
    store.set({ covered: this.data.visible })
    if (!this.data.visible) this.setData({ typed: this.data.value })
  },
  methods: {
    type(event: { detail: { value: string } }) {
      this.setData({ typed: event.detail.value })
    },
    save() {
      if (!this.data.busy) this.triggerEvent('save', { value: this.data.typed.trim() })
    },
    close() {
      this.triggerEvent('closed')
    },
  },
})
