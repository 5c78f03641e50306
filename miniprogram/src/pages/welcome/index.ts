// Signing in after signing out; as a persona of the demo street where the server offers them.
import { renewToken, signInAs } from '../../domain/auth'
import { messageOf } from '../../domain/errorMessage'
import { countUnread } from '../../domain/notices'
import { store } from '../../domain/store'
import { fetchSubscriptions } from '../../domain/subscriptions'
import { wordsOf } from '../../i18n/index'
import { IN_BROWSER } from '../../platform/config'
import { listPersonas } from '../../services/auth'
import type { Persona } from '../../services/shapes'
import { definePage } from '../../ui/page'

const RESIDENTS = new Set(['resident', 'neighbour'])

definePage({
  words: ['welcome', 'data', 'consent'],
  title: (t) => t.welcome.title,
  data: {
    demo: IN_BROWSER,
    residents: [] as Persona[],
    staff: [] as Persona[],
    erased: false,
    trouble: '',
    busy: false,
  },
  onOpen(query) {
    this.setData({ erased: Boolean(query['erased']) })
  },
  async load() {
    const all = await offeredPersonas()
    return {
      demo: IN_BROWSER || Boolean(all.length),
      residents: all.filter((each) => RESIDENTS.has(each.persona)),
      staff: all.filter((each) => !RESIDENTS.has(each.persona)),
    }
  },
  methods: {
    async choose(event: { currentTarget: { dataset: { persona: string } } }) {
      await this.enter(() => signInAs(event.currentTarget.dataset.persona))
    },
    async begin() {
      await this.enter(() => renewToken())
    },
    async enter(signIn: () => Promise<unknown>) {
      if (this.data.busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        await signIn()
        void countUnread().catch(() => undefined)
        void fetchSubscriptions().catch(() => undefined)
        wx.switchTab({ url: store.get().me?.posts.length ? '/pages/work/index' : '/pages/home/index' })
      } catch (error) {
        this.setData({ trouble: messageOf(error) || wordsOf('problem').server })
      }
      this.setData({ busy: false })
    },
  },
})

// In WeChat one can sign in without them: no demo, or no network yet.
async function offeredPersonas(): Promise<Persona[]> {
  try {
    return await listPersonas()
  } catch (error) {
    if (IN_BROWSER) throw error
    return []
  }
}
