// My posts: where they are, how much is open and overdue, my absence; and what else they open.
import { absenceOf } from '../../core/absence'
import { spokenCount } from '../../core/inbox'
import { RUN, STAFF, holds } from '../../core/office'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { fill, say } from '../../i18n/index'
import { fetchMe } from '../../services/me'
import { one } from '../../services/places'
import { markAbsent } from '../../services/posts'
import type { Post, PostOfMe } from '../../services/shapes'
import { counts } from '../../services/tickets'
import type { Away } from '../parts/absence/absence'

interface Mine extends Away {
  place_id: string | null
  where: string
  away: string
  grids: boolean
  can: boolean // be absent: an admin or auditor has nobody waiting
}

const HOLDERS = ['member', 'head', 'deputy', 'duty']

screen({
  words: ['office', 'door', 'work'],
  title: (t) => t.office.title,
  data: { posts: [] as Mine[], company: '', working: false, open: '', soon: '', overdue: '', absent: null as Away | null },
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
    const [posts, waiting] = await Promise.all([Promise.all(me.posts.map(told)), working ? counts() : null])
    const { open = 0, due_soon = 0, overdue = 0 } = waiting?.inbox ?? {}
    return { posts, company: me.organisation?.name ?? '', working, open: spokenCount(open), soon: spokenCount(due_soon), overdue: spokenCount(overdue), empty: !posts.length }
  },
})

async function told(post: PostOfMe): Promise<Mine> {
  const path = post.place_id ? (await one(post.place_id)).path.join(' · ') : ''
  return { ...post, where: path && fill(say('office').of, { path }), away: absenceOf(post), grids: holdsGrids(post), can: post.role !== 'admin' && post.role !== 'auditor' }
}

const holdsGrids = ({ role }: PostOfMe): boolean => RUN.includes(role) || HOLDERS.includes(role)
