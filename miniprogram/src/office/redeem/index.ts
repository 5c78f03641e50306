// Redeeming an invitation, from a shared card or a typed code.
import { messageOf } from '../../domain/errorMessage'
import { fetchMe, redeemInvitation } from '../../domain/profile'
import { wordsOf } from '../../i18n/index'
import { definePage } from '../../ui/page'
import '../words/index'

definePage({
  words: ['redeem'],
  title: (t) => t.redeem.title,
  data: { code: '', trouble: '', busy: false, label: '' },
  onOpen(query) {
    this.setData({ code: query['code'] ?? '' })
  },
  methods: {
    type(event: { detail: { value: string } }) {
      this.setData({ code: event.detail.value, trouble: '' })
    },
    async yes(): Promise<void> {
      const code = this.data.code.trim()
      if (this.data.busy) return
      if (!code) return this.setData({ trouble: wordsOf('redeem').need })
      this.setData({ busy: true, trouble: '' })
      try {
        const before = new Set((await fetchMe()).posts.map((post) => post.id))
        const me = await redeemInvitation(code)
        this.setData({
          label: me.posts.find((post) => !before.has(post.id))?.label ?? me.posts[0]?.label ?? '',
        })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.setData({ busy: false })
    },
    go() {
      wx.switchTab({ url: '/pages/work/index' })
    },
  },
})
