// What the last action has done, with a button to undo it. Event: `undone`, with the ticket as it is
// again; without one the page has to load again.
import { undoAnnounced } from '../../domain/actionResult'
import { store } from '../../domain/store'
import type { ActionResult } from '../../domain/types'
import { wordsOf } from '../../i18n/index'
import { defineComponent } from '../../ui/component'

defineComponent({
  data: { result: null as ActionResult | null, undoWords: '' },
  update() {
    this.setData({ result: store.get().result, undoWords: wordsOf('action').undo })
  },
  onStoreChange(changed) {
    if ('result' in changed) this.setData({ result: changed.result ?? null })
  },
  methods: {
    async undo() {
      this.triggerEvent('undone', { ticket: await undoAnnounced() })
    },
  },
})
