// My data: take all of it away, or have it erased.
import { forget } from '../../core/auth'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { fill, say } from '../../i18n/index'
import { disagree, erase, exported, fetchMe } from '../../services/me'
import { store } from '../../core/store'

type Open = 'keep' | 'withdraw'

screen({
  words: ['data'],
  title: (t) => t.data.title,
  data: { consent: false, summary: '', busy: false, erasing: false, open: 'keep' as Open, trouble: '' },
  async load() {
    return { consent: (store.get().me ?? (await fetchMe())).consent }
  },
  methods: {
    async export() {
      await this.try(async () => {
        const all = await exported()
        wx.setClipboardData({ data: JSON.stringify(all, null, 1) })
        this.setData({ summary: fill(say('data').count, { tickets: all.tickets.length, photos: all.photos.length, notices: all.notices.length }) })
      })
    },
    disagree() {
      const { disagree: title, disagreeAsk: content } = say('data')
      wx.showModal({ title, content, confirmText: say('common').ok, cancelText: say('common').cancel, success: ({ confirm }) => void (confirm && this.try(async () => this.setData({ consent: (await disagree()).consent }))) })
    },
    ask() {
      this.setData({ erasing: !this.data.erasing })
    },
    choose(event: { currentTarget: { dataset: { open: Open } } }) {
      this.setData({ open: event.currentTarget.dataset.open })
    },
    async erase() {
      await this.try(async () => {
        await erase(this.data.open)
        forget()
        wx.reLaunch({ url: '/pages/welcome/index?erased=1' })
      })
    },
    async try(act: () => Promise<void>) {
      if (this.data.busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        await act()
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence })
      }
      this.setData({ busy: false })
    },
  },
})
