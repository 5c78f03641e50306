// A row of chips that scrolls sideways. Event: `choose` {id}.
import { defineComponent } from '../../../ui/component'

defineComponent({
  props: { items: [] as { id: string; name: string }[], chosen: '', label: '' },
  methods: {
    choose(event: { currentTarget: { dataset: { id: string } } }) {
      this.triggerEvent('choose', { id: event.currentTarget.dataset.id })
    },
  },
})
