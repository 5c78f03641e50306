// The door: signing in after having signed out, and in the browser as somebody of the demo street.
import { personas, renew, signInAs } from '../../core/auth'
import { browser } from '../../core/config'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { say } from '../../i18n/index'
import { count } from '../../services/notices'
import type { Persona } from '../../services/shapes'

const RESIDENTS = new Set(['resident', 'neighbour'])

screen({
  words: ['welcome', 'data', 'consent'],
  title: (t) => t.welcome.title,
  data: { browser, residents: [] as Persona[], staff: [] as Persona[], erased: false, trouble: '', busy: false },
  opened(query) {
    this.setData({ erased: Boolean(query['erased']) })
  },
  async load() {
    const all = browser ? await personas() : []
    return { residents: all.filter((each) => RESIDENTS.has(each.persona)), staff: all.filter((each) => !RESIDENTS.has(each.persona)) }
  },
  methods: {
    async choose(event: { currentTarget: { dataset: { persona: string } } }) {
      await this.enter(() => signInAs(event.currentTarget.dataset.persona))
    },
    async begin() {
      await this.enter(() => renew())
    },
    async enter(signIn: () => Promise<unknown>) {
      if (this.data.busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        await signIn()
        void count().catch(() => undefined)
        wx.switchTab({ url: store.get().me?.posts.length ? '/pages/work/index' : '/pages/home/index' })
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence || say('problem').server })
      }
      this.setData({ busy: false })
    },
  },
})
