// Marking a post's holder absent, or back. Give it `post`; tells `saved` {post} and `closed`.
import { part } from '../../../core/part'
import { problemOf } from '../../../core/problem'
import { today } from '../../../core/dates'
import { say } from '../../../i18n/index'
import { markAbsent } from '../../../services/posts'

export interface Away {
  id: string
  label: string
  role: string
  absent_from?: string | null
  absent_until?: string | null
}

part({
  words: ['office', 'common'],
  props: { post: null as Away | null },
  data: { from: '', until: '', open: false, busy: false, problem: '', hint: '' },
  own: { started: null as Away | null },
  on: 'post',
  draw() {
    const { post } = this.data
    if (post && post !== this.started) {
      const from = post.absent_from && post.absent_from >= today() ? post.absent_from : post.absent_from ? today() : ''
      const hint = post.role === 'head' ? say('office').hintHead : say('office').hint
      this.setData({ from, until: post.absent_until ?? from, open: Boolean(from && !post.absent_until), busy: false, problem: '', hint })
    }
    this.started = post
  },
  methods: {
    choose(event: { detail: { from: string; until: string } }) {
      this.setData({ ...event.detail, open: false, problem: '' })
    },
    open() {
      this.setData({ open: !this.data.open, from: this.data.from || today(), until: this.data.until || this.data.from || today() })
    },
    async save(): Promise<void> {
      const { from, until, open } = this.data
      if (!from) return this.setData({ problem: say('office').range })
      await this.send({ absent_from: from, absent_until: open ? null : until || from })
    },
    async send(absence: { absent_from: string | null; absent_until: string | null }) {
      this.setData({ busy: true, problem: '' })
      try {
        const post = await markAbsent(this.data.post!.id, absence)
        wx.showToast({ title: say('office').saved, icon: 'success' })
        this.triggerEvent('saved', { post })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ problem: problem.fields[0]?.detail ?? problem.sentence })
      }
      this.setData({ busy: false })
    },
    close() {
      this.triggerEvent('closed')
    },
  },
})
