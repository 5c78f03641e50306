// The privacy guide, asked for when something needs it; refusing only leaves that undone.
import { answer } from '../../core/consent'
import { part } from '../../core/part'
import { problemOf } from '../../core/problem'
import type { Look } from '../../core/look'
import { store, type Shared } from '../../core/store'
import { consent, guide } from '../../services/me'

part({
  words: ['consent', 'common'],
  props: { look: null as Look | null },
  data: { visible: false, busy: false, problem: '' },
  draw() {
    this.setData({ visible: store.get().consenting })
  },
  shared(changed: Partial<Shared>) {
    if (!('consenting' in changed)) return
    this.setData({ visible: Boolean(changed.consenting), problem: '' })
    store.set({ covered: Boolean(changed.consenting) })
  },
  methods: {
    async agree() {
      if (this.data.busy) return
      this.setData({ busy: true, problem: '' })
      try {
        await consent((await guide()).version)
        answer(true)
      } catch (error) {
        this.setData({ problem: problemOf(error).sentence })
      }
      this.setData({ busy: false })
    },
    refuse() {
      answer(false)
    },
    read() {
      wx.navigateTo({ url: '/pages/guide/index' })
    },
  },
})
