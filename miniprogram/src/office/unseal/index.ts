// Requesting to unseal one anonymous report. The reporter will read the reason.
import { fieldMessageOf } from '../../domain/errorMessage'
import { wordsOf } from '../../i18n/index'
import { newKey } from '../../platform/idempotencyKey'
import { problemOf } from '../../platform/problem'
import { requestUnsealing } from '../../services/unsealings'
import { definePage } from '../../ui/page'
import '../words/index'

definePage({
  words: ['unseal'],
  title: (t) => t.unseal.request,
  data: { no: '', reason: '', trouble: '', busy: false },
  instanceFields: { key: '' },
  onOpen(query) {
    this.key = newKey()
    this.setData({ no: query['no'] ?? '' })
  },
  methods: {
    type(event: { detail: { value: string } }) {
      this.key = newKey()
      this.setData({ reason: event.detail.value, trouble: '' })
    },
    async send(): Promise<void> {
      const reason = this.data.reason.trim()
      if (this.data.busy) return
      if (!reason) return this.setData({ trouble: wordsOf('unseal').need })
      this.setData({ busy: true, trouble: '' })
      try {
        await requestUnsealing(this.query['ticket']!, reason, this.key)
        wx.showToast({ title: wordsOf('unseal').sent, icon: 'none' })
        wx.redirectTo({ url: '/office/unsealings/index' })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: fieldMessageOf(problem) })
      }
      this.setData({ busy: false })
    },
  },
})
