// My data: take all of it away, or have it erased.
import { forget } from '../../core/auth'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { fill, say } from '../../i18n/index'
import { erase, exported } from '../../services/me'

type Open = 'keep' | 'withdraw'

screen({
  words: ['data'],
  title: (t) => t.data.title,
  data: { summary: '', busy: false, erasing: false, open: 'keep' as Open, trouble: '' },
  methods: {
    async export() {
      await this.try(async () => {
        const all = await exported()
        wx.setClipboardData({ data: JSON.stringify(all, null, 1) })
        this.setData({ summary: fill(say('data').count, { tickets: all.tickets.length, photos: all.photos.length, notices: all.notices.length }) })
      })
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
