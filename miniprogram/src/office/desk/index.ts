// The reader's posts: place, number of open and overdue tickets, absence; and the menu of the office.
import { absenceText } from '../../domain/absence'
import { messageOf } from '../../domain/errorMessage'
import { formatCount } from '../../domain/inbox'
import { fetchMe } from '../../domain/profile'
import { hasRole, MANAGER_ROLES, STAFF_ROLES } from '../../domain/roles'
import { fill, wordsOf } from '../../i18n/index'
import { getPlace } from '../../services/places'
import { markAbsent } from '../../services/posts'
import type { OwnPost, Post } from '../../services/shapes'
import { getCounts } from '../../services/tickets'
import { definePage } from '../../ui/page'
import type { Away } from '../components/absence-sheet/absence-sheet'

interface Mine extends Away {
  place_id: string | null
  where: string
  away: string
  grids: boolean
  can: boolean // be marked absent; not an admin or auditor, who handles no tickets
}

const HOLDERS = ['member', 'head', 'deputy', 'duty']

definePage({
  words: ['office', 'menu', 'work'],
  title: (t) => t.office.title,
  data: {
    posts: [] as Mine[],
    company: '',
    working: false,
    open: '',
    soon: '',
    overdue: '',
    absent: null as Away | null,
  },
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
        this.marked(
          await markAbsent(this.data.posts[event.currentTarget.dataset.n]!.id, { absent_from: null }),
        )
        wx.showToast({ title: wordsOf('office').backSaved, icon: 'success' })
      } catch (error) {
        wx.showToast({ title: messageOf(error), icon: 'none' })
      }
    },
    marked({ id, absent_from, absent_until }: Post) {
      this.setData({
        posts: this.data.posts.map((post) =>
          post.id === id
            ? { ...post, absent_from, absent_until, away: absenceText({ absent_from, absent_until }) }
            : post,
        ),
      })
    },
    grids(event: { currentTarget: { dataset: { n: number } } }) {
      wx.navigateTo({
        url: `/office/grids/index?place=${this.data.posts[event.currentTarget.dataset.n]!.place_id ?? ''}`,
      })
    },
    work() {
      wx.switchTab({ url: '/pages/work/index' })
    },
  },
  async load() {
    const me = await fetchMe()
    const working = hasRole([...STAFF_ROLES, 'agent'], me)
    const [posts, waiting] = await Promise.all([
      Promise.all(me.posts.map(viewOf)),
      working ? getCounts() : null,
    ])
    const { open = 0, due_soon = 0, overdue = 0 } = waiting?.inbox ?? {}
    return {
      posts,
      company: me.organisation?.name ?? '',
      working,
      open: formatCount(open),
      soon: formatCount(due_soon),
      overdue: formatCount(overdue),
      empty: !posts.length,
    }
  },
})

async function viewOf(post: OwnPost): Promise<Mine> {
  const path = post.place_id ? (await getPlace(post.place_id)).path.join(' · ') : ''
  return {
    ...post,
    where: path && fill(wordsOf('office').of, { path }),
    away: absenceText(post),
    grids: holdsGrids(post),
    can: post.role !== 'admin' && post.role !== 'auditor',
  }
}

const holdsGrids = ({ role }: OwnPost): boolean => MANAGER_ROLES.includes(role) || HOLDERS.includes(role)
