// A switch with its words. All of the row turns it. Event: `change` {value}.
import { defineComponent } from '../../ui/component'

defineComponent({
  props: { words: '', hint: '', value: false },
  methods: {
    turn() {
      this.triggerEvent('change', { value: !this.data.value })
    },
  },
})
