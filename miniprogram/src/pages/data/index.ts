// Exporting and erasing personal data.
import { clearSession } from '../../domain/auth'
import { messageOf } from '../../domain/errorMessage'
import { fetchMe, withdrawConsent } from '../../domain/profile'
import { store } from '../../domain/store'
import { fill, wordsOf } from '../../i18n/index'
import { deleteMe, exportData } from '../../services/me'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { tellRefusal } from '../../ui/refusal'

type Open = 'keep' | 'withdraw'

definePage({
  words: ['data'],
  title: (t) => t.data.title,
  data: { consent: false, summary: '', busy: false, erasing: false, open: 'keep' as Open, trouble: '' },
  async load() {
    return { consent: (store.get().me ?? (await fetchMe())).consent }
  },
  methods: {
    async export() {
      await this.try(async () => {
        const all = await exportData()
        const summary = fill(wordsOf('data').count, {
          tickets: all.tickets.length,
          photos: all.photos.length,
          notices: all.notices.length,
        })
        wx.setClipboardData({
          data: JSON.stringify(all, null, 1),
          success: () => this.setData({ summary }),
          fail: (failure) => void tellRefusal('clipboard', failure),
        })
      })
    },
    async disagree() {
      const { disagree, disagreeAsk } = wordsOf('data')
      if (await ask(disagree, disagreeAsk))
        await this.try(async () => this.setData({ consent: (await withdrawConsent()).consent }))
    },
    ask() {
      this.setData({ erasing: !this.data.erasing })
    },
    choose(event: { currentTarget: { dataset: { open: Open } } }) {
      this.setData({ open: event.currentTarget.dataset.open })
    },
    async erase() {
      await this.try(async () => {
        await deleteMe(this.data.open)
        clearSession()
        wx.reLaunch({ url: '/pages/welcome/index?erased=1' })
      })
    },
    async try(act: () => Promise<void>) {
      if (this.data.busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        await act()
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.setData({ busy: false })
    },
  },
})
