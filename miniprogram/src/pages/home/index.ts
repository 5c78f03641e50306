// The first page of residents: the place and the categories. One tap on a category opens a report.
import { fetchCategories } from '../../domain/categories'
import { findDraft, hasContent, saveDraft } from '../../domain/drafts'
import { messageOf } from '../../domain/errorMessage'
import { waitingForReader } from '../../domain/nextStep'
import { countUnread } from '../../domain/notices'
import { sendNow, takeOut, unsentReports } from '../../domain/outbox'
import {
  currentPlace,
  isSignInScene,
  placeOfScene,
  sceneOfQuery,
  setCurrentPlace,
  useHome,
} from '../../domain/places'
import { fetchMe } from '../../domain/profile'
import { store } from '../../domain/store'
import type { PlaceChoice } from '../../domain/types'
import { fill, wordsOf } from '../../i18n/index'
import { problemOf } from '../../platform/problem'
import type { Category, Ticket } from '../../services/shapes'
import { listTickets } from '../../services/tickets'
import { definePage } from '../../ui/page'
import { pickPlace } from '../../ui/placePicker'
import { scanCode } from '../../ui/scan'

definePage({
  words: ['home', 'report'],
  title: (t) => t.home.title,
  data: {
    categories: [] as Category[],
    place: null as PlaceChoice | null,
    homeOffered: false, // the user has a home, and the place is another
    waiting: [] as Ticket[],
    unsent: '',
    refused: false,
    resumable: false,
  },
  instanceFields: { arrival: undefined as Promise<unknown> | undefined },
  onOpen(query) {
    const scene = sceneOfQuery(query)
    if (scene) this.arrival = this.came(scene)
  },
  async load() {
    // What waits for the reader stands above the categories: it comes with them, it does not push them down.
    const [categories, waiting] = await Promise.all([
      fetchCategories(),
      fetchWaiting(),
      store.get().me ?? fetchMe(),
    ])
    void countUnread().catch(() => undefined)
    await this.arrival // the place scanned is the current one from then on
    return { categories, waiting, resumable: hasContent(findDraft()), ...atPlace(await currentPlace()) }
  },
  onVisible() {
    this.count()
  },
  onStoreChange(changed) {
    if ('unsent' in changed) this.count()
  },
  methods: {
    count() {
      const items = unsentReports()
      const maybe = items.some((item) => item.arrived)
      const offline = items.every((item) => (item.problem?.kind ?? 'offline') === 'offline')
      this.setData({
        unsent: !items.length
          ? ''
          : maybe
            ? wordsOf('home').maybe
            : fill(wordsOf('home')[offline ? 'unsent' : 'unsentLater'], { n: items.length }),
        refused: items.some((item) => item.refused),
      })
    },
    async came(scene: string) {
      if (isSignInScene(scene))
        return wx.navigateTo({ url: `/pages/approve/index?scene=${encodeURIComponent(scene)}` })
      try {
        this.setData(atPlace(await placeOfScene(scene)))
      } catch (error) {
        const problem = problemOf(error)
        wx.showToast({
          title: problem.status === 404 ? wordsOf('home').unknownCode : messageOf(problem),
          icon: 'none',
        })
      }
    },
    async scan() {
      const scene = await scanCode()
      if (scene !== null) await this.came(scene)
    },
    async search() {
      const place = await pickPlace()
      if (place) this.setData(atPlace(await setCurrentPlace(place)))
    },
    async home() {
      try {
        this.setData(atPlace(await useHome()))
      } catch (error) {
        wx.showToast({ title: messageOf(error), icon: 'none' })
      }
    },
    choose(event: { detail: { code: string } }) {
      wx.navigateTo({ url: `/pages/report/index?category=${event.detail.code}` })
    },
    resume() {
      wx.navigateTo({ url: '/pages/report/index?resume=1' })
    },
    /** Send the outbox, or open a refused report to change it. */
    retry() {
      const refused = unsentReports().find((item) => item.refused)
      if (!refused && unsentReports().some((item) => item.arrived))
        return void wx.switchTab({ url: '/pages/mine/index' })
      if (!refused) return void sendNow()
      saveDraft(takeOut(refused.key)!.draft)
      this.resume()
    },
  },
})

/** The tickets that wait for the reader, for the top of the page. */
async function fetchWaiting(): Promise<Ticket[]> {
  const { items } = await listTickets('mine').catch(() => ({ items: [] as Ticket[] }))
  return waitingForReader(items).slice(0, 2)
}

function atPlace(place: PlaceChoice | null): { place: PlaceChoice | null; homeOffered: boolean } {
  const home = store.get().me?.home_id
  return { place, homeOffered: Boolean(home && place?.id !== home) }
}
