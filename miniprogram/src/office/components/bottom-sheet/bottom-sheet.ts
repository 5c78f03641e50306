// A sheet with a title, a slot and one main button. Events: `main` and `closed`. The parent closes it.
import { defineComponent } from '../../../ui/component'

defineComponent({
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
