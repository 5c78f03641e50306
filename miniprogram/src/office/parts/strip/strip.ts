// Chips beside each other in one line that scrolls: offices, kinds. Tells `choose` {id}.
import { part } from '../../../core/part'

part({
  props: { items: [] as { id: string; name: string }[], chosen: '', label: '' },
  methods: {
    choose(event: { currentTarget: { dataset: { id: string } } }) {
      this.triggerEvent('choose', { id: event.currentTarget.dataset.id })
    },
  },
})
