// Who holds which post within my place: invited, absent, ended.
import { absenceOf } from '../../core/absence'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { spoken } from '../../core/time'
import { fill, say } from '../../i18n/index'
import { end, list, markAbsent } from '../../services/posts'
import type { Post } from '../../services/shapes'
import type { Away } from '../parts/absence/absence'

type Which = 'all' | 'held' | 'vacant'
const VACANT: Readonly<Record<Which, boolean | undefined>> = { all: undefined, held: false, vacant: true }

interface Row {
  id: string
  label: string
  who: string
  note: string
  away: string
}

screen({
  words: ['posts'],
  title: (t) => t.posts.title,
  data: { which: 'all' as Which, tabs: ['all', 'held', 'vacant'] as Which[], posts: [] as Post[], rows: [] as Row[], more: false, absent: null as Away | null },
  own: { next: null as string | null, busy: false },
  async reached() {
    if (!this.next || this.busy) return
    this.busy = true
    try {
      const page = await list({ vacant: VACANT[this.data.which] }, this.next)
      this.next = page.next ?? null
      const posts = [...this.data.posts, ...page.items]
      this.setData({ posts, rows: posts.map(row), more: Boolean(this.next) })
    } catch {
      // what is there stays; the next scroll tries again
    } finally {
      this.busy = false
    }
  },
  methods: {
    async choose(event: { currentTarget: { dataset: { which: Which } } }) {
      this.setData({ which: event.currentTarget.dataset.which, posts: [], rows: [], state: 'loading' })
      await this.reload()
    },
    invite() {
      wx.navigateTo({ url: '/office/invite/index' })
    },
    offer(event: { currentTarget: { dataset: { n: number } } }) {
      const post = this.data.posts[event.currentTarget.dataset.n]!
      const words = say('posts')
      const choices: [string, () => unknown][] = post.person
        ? [[words.absent, () => this.setData({ absent: post })], ...(absenceOf(post) ? [[words.back, () => this.back(post)] as [string, () => unknown]] : []), [words.end, () => this.end(post)]]
        : [[words.revoke, () => this.end(post)]]
      wx.showActionSheet({ itemList: choices.map(([said]) => said), success: ({ tapIndex }) => void choices[tapIndex]![1](), fail: () => undefined })
    },
    closed() {
      this.setData({ absent: null })
    },
    async saved() {
      this.closed()
      await this.reload()
    },
    async back(post: Post) {
      await this.try(() => markAbsent(post.id, { absent_from: null }), say('office').backSaved)
    },
    end(post: Post) {
      const words = say('posts')
      const [title, content, done] = post.person ? [words.end, fill(words.endAsk, { label: post.label }), words.ended] : [words.revoke, words.revokeAsk, words.revoked]
      wx.showModal({ title, content, confirmText: title, cancelText: say('common').cancel, success: ({ confirm }) => void (confirm && this.try(() => end(post.id), done)) })
    },
    async try(act: () => Promise<unknown>, done: string) {
      try {
        await act()
        wx.showToast({ title: done, icon: 'success' })
        await this.reload()
      } catch (error) {
        wx.showModal({ title: say('posts').title, content: problemOf(error).sentence, showCancel: false, confirmText: say('common').ok })
      }
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    const page = await list({ vacant: VACANT[this.data.which] })
    this.next = page.next ?? null
    return { posts: page.items, rows: page.items.map(row), more: Boolean(this.next) }
  },
})

function row(post: Post): Row {
  const words = say('posts')
  const lapsed = !post.person && post.invitation_until && new Date(post.invitation_until).getTime() < Date.now()
  const note = !post.person && post.invitation_until ? (lapsed ? words.lapsed : fill(words.until, { at: spoken(post.invitation_until) })) : ''
  const who = post.person ? (post.person.name ?? say('grids').unnamed) : lapsed || !post.invitation_until ? words.vacant : say('grids').invited
  return { id: post.id, label: post.label, who, note, away: post.person ? absenceOf(post) : '' }
}
