// A sheet from below: a title, what is slotted in, one main button. Tells `main` and `closed`; stays open until told otherwise.
import { part } from '../../../core/part'

part({
  words: ['common'],
  props: { visible: false, title: '', problem: '', main: '', tone: 'main', busy: false },
  methods: {
    main() {
      if (!this.data.busy) this.triggerEvent('main')
    },
    close() {
      this.triggerEvent('closed')
    },
  },
})
