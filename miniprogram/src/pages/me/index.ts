// Profile and preferences: home, phone, language, text size, personal data, signing in on a computer.
import { absenceText } from '../../domain/absence'
import { signOut } from '../../domain/auth'
import { unsentBallots } from '../../domain/ballots'
import { fieldMessageOf, messageOf } from '../../domain/errorMessage'
import { unsentReports } from '../../domain/outbox'
import { isSignInScene, setCurrentPlace } from '../../domain/places'
import { changeProfile, fetchMe, redeemInvitation, setPhone } from '../../domain/profile'
import { store } from '../../domain/store'
import { unsentVisits } from '../../domain/visits'
import { language, type Language, languages, wordsOf } from '../../i18n/index'
import { IN_BROWSER } from '../../platform/config'
import { problemOf } from '../../platform/problem'
import { getPlace } from '../../services/places'
import { markAbsent } from '../../services/posts'
import type { Person } from '../../services/shapes'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { pickPlace } from '../../ui/placePicker'
import { scanCode } from '../../ui/scan'
import { setLanguage, setTextSize, TEXT_SIZES, textSize } from '../../ui/theme'

interface Held {
  id: string
  label: string
  away: string
}

type Line = 'name' | 'room' | 'phone' | 'invite'

/** The text fields of the profile: label, hint, and what saving does. */
const LINES: Readonly<
  Record<
    Line,
    {
      save: (value: string) => Promise<unknown>
      type: string
      words: 'name' | 'room' | 'phoneLabel' | 'invite'
      hint: 'nameHint' | 'roomHint' | 'phoneHint' | 'inviteHint'
    }
  >
> = {
  name: {
    save: (name) => changeProfile({ name: name || null }),
    type: 'text',
    words: 'name',
    hint: 'nameHint',
  },
  room: {
    save: (room) => changeProfile({ room: room || null }),
    type: 'text',
    words: 'room',
    hint: 'roomHint',
  },
  phone: { save: (phone) => setPhone({ phone }), type: 'number', words: 'phoneLabel', hint: 'phoneHint' },
  invite: { save: redeemInvitation, type: 'text', words: 'invite', hint: 'inviteHint' },
}

definePage({
  words: ['me', 'menu', 'office'],
  title: (t) => t.me.title,
  data: {
    me: null as Person | null,
    posts: [] as Held[],
    home: '',
    browser: IN_BROWSER,
    languages: [] as { code: Language; name: string; on: boolean }[],
    sizes: [] as { size: number; words: string; on: boolean }[],
    line: { key: '' as Line | '', title: '', hint: '', value: '', type: 'text' },
    wrong: '',
    busy: false,
  },
  async load() {
    const me = await fetchMe()
    const home = me.home_id ? (await getPlace(me.home_id)).label : ''
    const posts = me.posts.map((post) => ({ id: post.id, label: post.label, away: absenceText(post) }))
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
      await this.try(() => changeProfile({ home_id: place.id! }))
      await setCurrentPlace(place)
      this.setData({ home: place.label, me: store.get().me }) // another home has another door
    },
    open(event: { currentTarget: { dataset: { line: Line } } }) {
      const key = event.currentTarget.dataset.line
      const { words, hint, type } = LINES[key]
      const { me } = this.data
      const values: Partial<Record<Line, string | null>> = { name: me?.name, room: me?.household?.room }
      const value = values[key] ?? ''
      this.setData({
        line: { key, title: wordsOf('me')[words], hint: wordsOf('me')[hint], value, type },
        wrong: '',
      })
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
        this.setData({ wrong: fieldMessageOf(problem) })
      }
      this.setData({ busy: false })
    },
    async wechatPhone(event: { detail: { code?: string } }) {
      const { code } = event.detail
      if (!code) return // the user refused
      await this.try(() => setPhone({ code }))
      this.close()
      await this.reload()
    },
    language(event: { currentTarget: { dataset: { code: Language } } }) {
      const { code } = event.currentTarget.dataset
      setLanguage(code)
      this.setData(choices())
      void changeProfile({ language: code }).catch(() => undefined) // for the server's messages
    },
    size(event: { currentTarget: { dataset: { size: number } } }) {
      setTextSize(event.currentTarget.dataset.size)
      this.setData(choices())
    },
    async scan() {
      const scene = await scanCode()
      if (!scene) return
      if (isSignInScene(scene))
        wx.navigateTo({ url: `/pages/approve/index?scene=${encodeURIComponent(scene)}` })
      else wx.showToast({ title: wordsOf('scan').bad, icon: 'none' })
    },
    mine() {
      wx.navigateTo({ url: '/pages/data/index' })
    },
    go(event: { currentTarget: { dataset: { url: string } } }) {
      wx.navigateTo({ url: event.currentTarget.dataset.url })
    },
    noticeSettings() {
      wx.navigateTo({ url: '/pages/notice-settings/index' })
    },
    guide() {
      wx.navigateTo({ url: '/pages/guide/index' })
    },
    async leave() {
      const { logout, leaveUnsent } = wordsOf('me')
      if (
        unsentReports().length + unsentVisits().length + unsentBallots().length &&
        !(await ask(logout, leaveUnsent))
      )
        return
      await signOut()
      wx.reLaunch({ url: '/pages/welcome/index' })
    },
    async try(act: () => Promise<unknown>) {
      try {
        await act()
        wx.showToast({ title: wordsOf('common').saved, icon: 'success' })
      } catch (error) {
        wx.showToast({ title: messageOf(error), icon: 'none' })
      }
    },
  },
})

function choices(): {
  languages: { code: Language; name: string; on: boolean }[]
  sizes: { size: number; words: string; on: boolean }[]
} {
  const words = wordsOf('me')
  const named = [words.size1, words.size2, words.size3]
  return {
    languages: languages().map((each) => ({ ...each, on: each.code === language() })),
    sizes: TEXT_SIZES.map((size, n) => ({ size, words: named[n]!, on: size === textSize() })),
  }
}
