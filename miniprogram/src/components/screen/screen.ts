// What every page stands in: size, language, direction; loading, offline and error in the page's place; the consent dialog.
// Slots: `top` whatever the state, the content, `empty` for what to do when there is nothing, `bar` for what stays at the bottom.
import type { Look } from '../../core/look'
import { part } from '../../core/part'

part({
  words: ['common'],
  props: { look: null as Look | null, state: 'ready', problem: '', tabs: false, news: false, emptyTitle: '', emptyText: '', emptyIcon: '' },
  data: {
    rows: [{ width: '100%', height: '96px', borderRadius: '14px' }, { width: '100%', height: '96px', borderRadius: '14px' }, { width: '100%', height: '96px', borderRadius: '14px' }].map((row) => [row]),
  },
  methods: {
    retry() {
      this.triggerEvent('retry')
    },
    freshen() {
      this.triggerEvent('freshen')
    },
  },
})
