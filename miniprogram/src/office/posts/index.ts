// The posts of the reader's place, from the street down: holders, invitations, absences.
import { absenceText } from '../../domain/absence'
import { messageOf } from '../../domain/errorMessage'
import { formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { endPost, listPosts, markAbsent } from '../../services/posts'
import type { Post } from '../../services/shapes'
import { ask, tell } from '../../ui/ask'
import { definePage } from '../../ui/page'
import type { Away } from '../components/absence-sheet/absence-sheet'
import '../words/index'

type Which = 'all' | 'held' | 'vacant'
const VACANT: Readonly<Record<Which, boolean | undefined>> = { all: undefined, held: false, vacant: true }

interface Row {
  id: string
  label: string
  who: string
  note: string
  away: string
}

definePage({
  words: ['posts'],
  title: (t) => t.posts.title,
  data: {
    which: 'all' as Which,
    tabs: ['all', 'held', 'vacant'] as Which[],
    posts: [] as Post[],
    rows: [] as Row[],
    more: false,
    absent: null as Away | null,
  },
  instanceFields: { next: null as string | null, busy: false },
  async onReachEnd() {
    if (!this.next || this.busy) return
    this.busy = true
    try {
      const page = await listPosts({ vacant: VACANT[this.data.which] }, this.next)
      this.next = page.next ?? null
      const posts = [...this.data.posts, ...page.items]
      this.setData({ posts, rows: posts.map(row), more: Boolean(this.next) })
    } catch {
      // keep what is shown; scrolling again tries again
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
      const words = wordsOf('posts')
      const choices: [string, () => unknown][] = post.person
        ? [
            [words.absent, () => this.setData({ absent: post })],
            ...(absenceText(post) ? [[words.back, () => this.back(post)] as [string, () => unknown]] : []),
            [words.end, () => this.end(post)],
            [words.trail, () => this.trail(post)],
          ]
        : [[words.revoke, () => this.end(post)]]
      wx.showActionSheet({
        itemList: choices.map(([label]) => label),
        success: ({ tapIndex }) => void choices[tapIndex]![1](),
        fail: () => undefined,
      })
    },
    trail({ person, label }: Post) {
      const who = encodeURIComponent([person!.name, label].filter(Boolean).join(' · '))
      wx.navigateTo({ url: `/office/audit/index?person=${person!.id}&who=${who}` })
    },
    closed() {
      this.setData({ absent: null })
    },
    async saved() {
      this.closed()
      await this.reload()
    },
    async back(post: Post) {
      await this.try(() => markAbsent(post.id, { absent_from: null }), wordsOf('office').backSaved)
    },
    async end(post: Post) {
      const words = wordsOf('posts')
      const [title, content, done] = post.person
        ? [words.end, fill(words.endAsk, { label: post.label }), words.ended]
        : [words.revoke, words.revokeAsk, words.revoked]
      if (await ask(title, content)) await this.try(() => endPost(post.id), done)
    },
    async try(act: () => Promise<unknown>, done: string) {
      try {
        await act()
        wx.showToast({ title: done, icon: 'success' })
        await this.reload()
      } catch (error) {
        tell(wordsOf('posts').title, messageOf(error))
      }
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const page = await listPosts({ vacant: VACANT[this.data.which] })
    this.next = page.next ?? null
    return { posts: page.items, rows: page.items.map(row), more: Boolean(this.next) }
  },
})

function row(post: Post): Row {
  const words = wordsOf('posts')
  const lapsed =
    !post.person && post.invitation_until && new Date(post.invitation_until).getTime() < Date.now()
  const note =
    !post.person && post.invitation_until
      ? lapsed
        ? words.lapsed
        : fill(words.until, { at: formatTime(post.invitation_until) })
      : ''
  const who = post.person
    ? (post.person.name ?? wordsOf('grids').unnamed)
    : lapsed || !post.invitation_until
      ? words.vacant
      : wordsOf('grids').invited
  return { id: post.id, label: post.label, who, note, away: post.person ? absenceText(post) : '' }
}
