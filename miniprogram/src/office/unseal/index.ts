// Asking to learn who reported one ticket anonymously: a reason, which the reporter reads too.
import { newKey } from '../../core/key'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { say } from '../../i18n/index'
import { ask } from '../../services/unsealings'

screen({
  words: ['unseal'],
  title: (t) => t.unseal.request,
  data: { no: '', reason: '', trouble: '', busy: false },
  own: { key: '' },
  opened(query) {
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
      if (!reason) return this.setData({ trouble: say('unseal').need })
      this.setData({ busy: true, trouble: '' })
      try {
        await ask(this.query['ticket']!, reason, this.key)
        wx.showToast({ title: say('unseal').sent, icon: 'none' })
        wx.redirectTo({ url: '/office/unsealings/index' })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: problem.fields[0]?.detail ?? problem.sentence })
      }
      this.setData({ busy: false })
    },
  },
})
