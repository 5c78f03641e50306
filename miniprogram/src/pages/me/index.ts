// Who I am and how I like it: home, phone, language, size of text, my data, signing in a computer.
import { signOut } from '../../core/auth'
import { absenceOf } from '../../core/absence'
import { browser } from '../../core/config'
import { chosenSize, setLanguage, setSize, SIZES } from '../../core/look'
import { unsent } from '../../core/outbox'
import { pickPlace } from '../../core/picking'
import { remember, scan, isSignIn } from '../../core/places'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { language, languages, say, type Language } from '../../i18n/index'
import { change, fetchMe, redeem, setPhone } from '../../services/me'
import { one } from '../../services/places'
import { markAbsent } from '../../services/posts'
import type { Person } from '../../services/shapes'

interface Held {
  id: string
  label: string
  away: string
}

type Line = 'name' | 'phone' | 'invite'

/** What each line is called, and what saving it does. */
const LINES: Readonly<Record<Line, { save: (value: string) => Promise<unknown>; type: string; words: 'name' | 'phoneLabel' | 'invite'; hint: 'nameHint' | 'phoneHint' | 'inviteHint' }>> = {
  name: { save: (name) => change({ name: name || null }), type: 'text', words: 'name', hint: 'nameHint' },
  phone: { save: (phone) => setPhone({ phone }), type: 'number', words: 'phoneLabel', hint: 'phoneHint' },
  invite: { save: redeem, type: 'text', words: 'invite', hint: 'inviteHint' },
}

screen({
  words: ['me', 'door', 'office'],
  title: (t) => t.me.title,
  data: {
    me: null as Person | null, posts: [] as Held[], home: '', browser, languages: [] as { code: Language; name: string; on: boolean }[], sizes: [] as { size: number; words: string; on: boolean }[],
    line: { key: '' as Line | '', title: '', hint: '', value: '', type: 'text' }, wrong: '', busy: false,
  },
  async load() {
    const me = await fetchMe()
    const home = me.home_id ? (await one(me.home_id)).label : ''
    const posts = me.posts.map((post) => ({ id: post.id, label: post.label, away: absenceOf(post) }))
    return { me, posts, home, ...choices() }
  },
  methods: {
    async back(event: { currentTarget: { dataset: { id: string } } }) {
      await this.try(() => markAbsent(event.currentTarget.dataset.id, { absent_from: null }))
      await this.reload()
    },
    async home() {
      const place = await pickPlace()
      if (!place?.id) return
      await this.try(() => change({ home_id: place.id! }))
      remember(place)
      this.setData({ home: place.label })
    },
    open(event: { currentTarget: { dataset: { line: Line } } }) {
      const key = event.currentTarget.dataset.line
      const { words, hint, type } = LINES[key]
      const value = key === 'name' ? (this.data.me?.name ?? '') : ''
      this.setData({ line: { key, title: say('me')[words], hint: say('me')[hint], value, type }, wrong: '' })
    },
    close() {
      this.setData({ 'line.key': '' })
    },
    async save(event: { detail: { value: string } }) {
      this.setData({ busy: true, wrong: '' })
      try {
        await LINES[this.data.line.key as Line].save(event.detail.value)
        this.close()
        await this.reload()
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ wrong: problem.fields[0]?.detail ?? problem.sentence })
      }
      this.setData({ busy: false })
    },
    async wechatPhone(event: { detail: { code?: string } }) {
      const { code } = event.detail
      if (!code) return // refused: one can type it, or leave it
      await this.try(() => setPhone({ code }))
      this.close()
      await this.reload()
    },
    language(event: { currentTarget: { dataset: { code: Language } } }) {
      const { code } = event.currentTarget.dataset
      setLanguage(code)
      this.setData(choices())
      void change({ language: code }).catch(() => undefined) // for the server's messages; the phone has it already
    },
    size(event: { currentTarget: { dataset: { size: number } } }) {
      setSize(event.currentTarget.dataset.size)
      this.setData(choices())
    },
    async scan() {
      const scene = await scan()
      if (!scene) return
      if (isSignIn(scene)) wx.navigateTo({ url: `/pages/approve/index?scene=${encodeURIComponent(scene)}` })
      else wx.showToast({ title: say('scan').bad, icon: 'none' })
    },
    mine() {
      wx.navigateTo({ url: '/pages/data/index' })
    },
    go(event: { currentTarget: { dataset: { url: string } } }) {
      wx.navigateTo({ url: event.currentTarget.dataset.url })
    },
    wishes() {
      wx.navigateTo({ url: '/pages/wishes/index' })
    },
    guide() {
      wx.navigateTo({ url: '/pages/guide/index' })
    },
    leave() {
      if (!unsent().length) return void this.left()
      wx.showModal({ title: say('me').logout, content: say('me').leaveUnsent, confirmText: say('common').ok, cancelText: say('common').cancel, success: ({ confirm }) => void (confirm && this.left()) })
    },
    async left(): Promise<void> {
      await signOut()
      wx.reLaunch({ url: '/pages/welcome/index' })
    },
    async try(act: () => Promise<unknown>) {
      try {
        await act()
        wx.showToast({ title: say('common').saved, icon: 'success' })
      } catch (error) {
        wx.showToast({ title: problemOf(error).sentence, icon: 'none' })
      }
    },
  },
})

function choices(): { languages: { code: Language; name: string; on: boolean }[]; sizes: { size: number; words: string; on: boolean }[] } {
  const words = say('me')
  const named = [words.size1, words.size2, words.size3]
  return {
    languages: languages().map((each) => ({ ...each, on: each.code === language() })),
    sizes: SIZES.map((size, n) => ({ size, words: named[n]!, on: size === chosenSize() })),
  }
}
