// The first page: where, and what is broken. One tap on a problem opens its report.
import { draft, keepDraft, worthKeeping } from '../../core/drafts'
import { flush, take, unsent } from '../../core/outbox'
import { pickPlace, type Picked } from '../../core/picking'
import { arrive, here, isSignIn, remember, scan, sceneIn } from '../../core/places'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { yours } from '../../core/turn'
import { fill, say } from '../../i18n/index'
import { all } from '../../services/categories'
import { fetchMe } from '../../services/me'
import { count } from '../../services/notices'
import type { Category, Ticket } from '../../services/shapes'
import { list } from '../../services/tickets'

screen({
  words: ['home', 'report'],
  title: (t) => t.home.title,
  data: { categories: [] as Category[], place: null as Picked | null, waiting: [] as Ticket[], unsent: '', refused: false, resumable: false },
  opened(query) {
    if (query['scene']) void this.came(sceneIn(query['scene']))
  },
  async load() {
    const [categories] = await Promise.all([all(), store.get().me ?? fetchMe()])
    void this.attention()
    void count().catch(() => undefined)
    return { categories, place: await here(), resumable: worthKeeping(draft()) }
  },
  shown() {
    this.count()
  },
  shared(changed) {
    if ('unsent' in changed) this.count()
  },
  methods: {
    count() {
      const items = unsent()
      const maybe = items.some((item) => item.arrived)
      this.setData({ unsent: !items.length ? '' : maybe ? say('home').maybe : fill(say('home').unsent, { n: items.length }), refused: items.some((item) => item.refused) })
    },
    /** What waits for the reader's own answer or verdict stands above everything. */
    async attention() {
      const { items } = await list('mine').catch(() => ({ items: [] as Ticket[] }))
      this.setData({ waiting: items.filter(yours).slice(0, 2) })
    },
    async came(scene: string) {
      if (isSignIn(scene)) return wx.navigateTo({ url: `/pages/approve/index?scene=${encodeURIComponent(scene)}` })
      try {
        this.setData({ place: await arrive(scene) })
      } catch (error) {
        const problem = problemOf(error)
        wx.showToast({ title: problem.status === 404 ? say('home').unknownCode : problem.sentence, icon: 'none' })
      }
    },
    async scan() {
      const scene = await scan()
      if (scene) return this.came(scene)
      wx.showToast({ title: say('home').scanFailed, icon: 'none' })
    },
    async search() {
      const place = await pickPlace()
      if (place) this.setData({ place: remember(place) })
    },
    choose(event: { detail: { code: string } }) {
      wx.navigateTo({ url: `/pages/report/index?category=${event.detail.code}` })
    },
    resume() {
      wx.navigateTo({ url: '/pages/report/index?resume=1' })
    },
    /** Send what waits, or open what was refused to mend it. */
    retry() {
      const refused = unsent().find((item) => item.refused)
      if (!refused && unsent().some((item) => item.arrived)) return void wx.switchTab({ url: '/pages/mine/index' })
      if (!refused) return void flush()
      keepDraft(take(refused.key)!.draft)
      this.resume()
    },
  },
})
