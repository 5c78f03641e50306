// Marking the holder of a post absent. Property: `post`. Events: `saved` {post} and `closed`.
import { today } from '../../../domain/dates'
import { fieldMessageOf } from '../../../domain/errorMessage'
import { wordsOf } from '../../../i18n/index'
import { problemOf } from '../../../platform/problem'
import { markAbsent } from '../../../services/posts'
import { defineComponent } from '../../../ui/component'
import { sameContent } from '../../../ui/sameContent'

export interface Away {
  id: string
  label: string
  role: string
  absent_from?: string | null
  absent_until?: string | null
}

defineComponent({
  words: ['office', 'common'],
  props: { post: null as Away | null },
  data: { from: '', until: '', open: false, busy: false, problem: '', hint: '' },
  instanceFields: { current: null as Away | null },
  observe: 'post',
  update() {
    const { post } = this.data
    if (post && !sameContent(post, this.current)) {
      const from =
        post.absent_from && post.absent_from >= today() ? post.absent_from : post.absent_from ? today() : ''
      const hint = post.role === 'head' ? wordsOf('office').hintHead : wordsOf('office').hint
      this.setData({
        from,
        until: post.absent_until ?? from,
        open: Boolean(from && !post.absent_until),
        busy: false,
        problem: '',
        hint,
      })
    }
    this.current = post
  },
  methods: {
    choose(event: { detail: { from: string; until: string } }) {
      this.setData({ ...event.detail, open: false, problem: '' })
    },
    open() {
      this.setData({
        open: !this.data.open,
        from: this.data.from || today(),
        until: this.data.until || this.data.from || today(),
      })
    },
    async save(): Promise<void> {
      const { from, until, open } = this.data
      if (!from) return this.setData({ problem: wordsOf('office').range })
      await this.send({ absent_from: from, absent_until: open ? null : until || from })
    },
    async send(absence: { absent_from: string | null; absent_until: string | null }) {
      this.setData({ busy: true, problem: '' })
      try {
        const post = await markAbsent(this.data.post!.id, absence)
        wx.showToast({ title: wordsOf('office').saved, icon: 'success' })
        this.triggerEvent('saved', { post })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ problem: fieldMessageOf(problem) })
      }
      this.setData({ busy: false })
    },
    close() {
      this.triggerEvent('closed')
    },
  },
})
