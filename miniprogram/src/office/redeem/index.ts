// Redeeming an invitation: by the card somebody sent, or the code typed.
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { say } from '../../i18n/index'
import { fetchMe, redeem } from '../../services/me'

screen({
  words: ['redeem'],
  title: (t) => t.redeem.title,
  data: { code: '', trouble: '', busy: false, label: '' },
  opened(query) {
    this.setData({ code: query['code'] ?? '' })
  },
  methods: {
    type(event: { detail: { value: string } }) {
      this.setData({ code: event.detail.value, trouble: '' })
    },
    async yes(): Promise<void> {
      const code = this.data.code.trim()
      if (this.data.busy) return
      if (!code) return this.setData({ trouble: say('redeem').need })
      this.setData({ busy: true, trouble: '' })
      try {
        const before = new Set((await fetchMe()).posts.map((post) => post.id))
        const me = await redeem(code)
        this.setData({ label: me.posts.find((post) => !before.has(post.id))?.label ?? me.posts[0]?.label ?? '' })
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence })
      }
      this.setData({ busy: false })
    },
    go() {
      wx.switchTab({ url: '/pages/work/index' })
    },
  },
})
