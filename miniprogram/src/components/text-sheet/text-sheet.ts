// A sheet with one text field. Events: `save` {value} and `closed`. The parent closes it.
import { store } from '../../domain/store'
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['common'],
  props: { visible: false, title: '', hint: '', value: '', type: 'text', problem: '', busy: false },
  data: { input: '' },
  observe: 'value, visible',
  update() {
    store.set({ sheetOpen: this.data.visible })
    if (!this.data.visible) this.setData({ input: this.data.value })
  },
  methods: {
    type(event: { detail: { value: string } }) {
      this.setData({ input: event.detail.value })
    },
    save() {
      if (!this.data.busy) this.triggerEvent('save', { value: this.data.input.trim() })
    },
    close() {
      this.triggerEvent('closed')
    },
  },
})
