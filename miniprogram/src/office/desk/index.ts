// My posts: where they are, how much is open and overdue, my absence; and what else they open.
import { absenceOf } from '../../core/absence'
import { drop, keep, recall } from '../../core/box'
import { STAFF, holds } from '../../core/office'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { fill, say } from '../../i18n/index'
import { fetchMe } from '../../services/me'
import { one } from '../../services/places'
import { list, markAbsent } from '../../services/posts'
import type { Post, PostOfMe } from '../../services/shapes'
import { list as tickets } from '../../services/tickets'
import type { Away } from '../parts/absence/absence'

interface Mine extends Away {
  place_id: string | null
  where: string
  away: string
  grids: boolean
  guessed: boolean // what this phone marked last, because the profile does not tell
  can: boolean // be absent: an admin or auditor has nobody waiting
}

const MOST = 100

screen({
  words: ['office', 'door', 'work'],
  title: (t) => t.office.title,
  data: { posts: [] as Mine[], company: '', working: false, open: '', overdue: '', absent: null as Away | null },
  methods: {
    absent(event: { currentTarget: { dataset: { n: number } } }) {
      this.setData({ absent: this.data.posts[event.currentTarget.dataset.n]! })
    },
    closed() {
      this.setData({ absent: null })
    },
    saved(event: { detail: { post: Post } }) {
      this.marked(event.detail.post)
      this.closed()
    },
    async back(event: { currentTarget: { dataset: { n: number } } }) {
      try {
        this.marked(await markAbsent(this.data.posts[event.currentTarget.dataset.n]!.id, { absent_from: null }))
        wx.showToast({ title: say('office').backSaved, icon: 'success' })
      } catch (error) {
        wx.showToast({ title: problemOf(error).sentence, icon: 'none' })
      }
    },
    marked({ id, absent_from, absent_until }: Post) {
      if (absent_from) keep(`absence:${id}`, { absent_from, absent_until })
      else drop(`absence:${id}`)
      this.setData({ posts: this.data.posts.map((post) => (post.id === id ? { ...post, absent_from, absent_until, away: absenceOf({ absent_from, absent_until }) } : post)) })
    },
    grids(event: { currentTarget: { dataset: { n: number } } }) {
      wx.navigateTo({ url: `/office/grids/index?place=${this.data.posts[event.currentTarget.dataset.n]!.place_id ?? ''}` })
    },
    work() {
      wx.switchTab({ url: '/pages/work/index' })
    },
  },
  async load() {
    const me = await fetchMe()
    const working = holds([...STAFF, 'agent'], me)
    const [posts, open, overdue] = await Promise.all([Promise.all(me.posts.map(told)), working ? count(false) : '', working ? count(true) : ''])
    return { posts, company: me.organisation?.name ?? '', working, open, overdue, empty: !posts.length }
  },
})

async function told(post: PostOfMe): Promise<Mine> {
  const path = post.place_id ? (await one(post.place_id)).path.join(' · ') : ''
  const marked = await absence(post)
  return { ...post, ...marked, where: path && fill(say('office').of, { path }), away: absenceOf(marked), guessed: !['community', 'street', 'admin', 'auditor'].includes(post.role), grids: ['community', 'street', 'admin'].includes(post.role), can: post.role !== 'admin' && post.role !== 'auditor' }
}

// The profile does not tell absences: who runs the place can look them up, others see what this phone marked last.
async function absence(post: PostOfMe): Promise<Pick<Away, 'absent_from' | 'absent_until'>> {
  const kept = recall<Pick<Away, 'absent_from' | 'absent_until'>>(`absence:${post.id}`)
  if (!post.place_id || !['community', 'street'].includes(post.role)) return kept ?? {}
  const { items } = await list({ place_id: post.place_id, role: post.role }).catch(() => ({ items: [] as Post[] }))
  return items.find((each) => each.id === post.id) ?? kept ?? {}
}

async function count(overdue: boolean): Promise<string> {
  const page = await tickets('inbox', null, { limit: String(MOST), ...(overdue ? { overdue: true } : {}) })
  return `${page.items.length}${page.next ? '+' : ''}`
}
