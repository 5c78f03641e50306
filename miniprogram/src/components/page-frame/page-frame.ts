// The frame of every page: theme, loading, what is wrong, the bar for news, the consent dialog.
// Slots: `top` (shown in every state), the content, `empty` (what to do when there is nothing) and `bar` (at
// the bottom).
import { isProblemKind, pageMessageOf } from '../../domain/errorMessage'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'
import type { Theme } from '../../ui/theme'

defineComponent({
  words: ['common'],
  props: {
    theme: null as Theme | null,
    state: 'ready',
    problem: '',
    tabs: false,
    news: false,
    restores: false, // the page puts a ticket back itself once its last action is undone
    guide: false, // the page is what the consent dialog asks to read: the dialog does not cover it
    emptyTitle: '',
    emptyText: '',
    emptyIcon: '',
  },
  data: {
    failure: null as ReturnType<typeof pageMessageOf> | null, // in place of the content
    rows: [
      { width: '100%', height: '96px', borderRadius: '14px' },
      { width: '100%', height: '96px', borderRadius: '14px' },
      { width: '100%', height: '96px', borderRadius: '14px' },
    ].map((row) => [row]),
  },
  observe: 'state, problem',
  update() {
    const { state, problem } = this.data
    this.setData({ failure: isProblemKind(state) ? pageMessageOf(state, problem) : null })
  },
  methods: {
    retry() {
      this.triggerEvent('retry')
    },
    undone(event: { detail: { ticket: Ticket | null } }) {
      const { ticket } = event.detail
      if (ticket && this.data.restores) this.triggerEvent('restore', { ticket })
      else this.retry()
    },
    refresh() {
      this.triggerEvent('refresh')
    },
  },
})
