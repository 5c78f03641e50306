// An office's limits, calendar and hours on a phone: read all, change one category or add some days — tried first, then made.
import { plus, spokenDay, today } from '../../core/dates'
import { ownPlaces } from '../../core/office'
import { problemOf, type Problem } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { fill, say } from '../../i18n/index'
import { all, nameOf } from '../../services/categories'
import { fetchMe } from '../../services/me'
import { one } from '../../services/places'
import type { Calendar, Frames, Limit, Limits, OwnDays, OwnFigures, Place, Settled } from '../../services/shapes'
import { calendar, frames, limits, putCalendar, putLimits, type Mode } from '../../services/settings'
import { communities } from '../communities'
import type { Figures } from '../parts/limit-form/limit-form'
import { spokenSpan, type Clock } from '../spans'

type Tab = 'limits' | 'calendar' | 'frames'

interface Row {
  code: string
  name: string
  urgent: boolean
  own: boolean
  said: string
}

interface Stretch {
  key: string
  days: string
  name: string
  kind: string
  holiday: boolean
  of: string
  own: number // which of the office's own; −1: not its own
}

const FIGURES = ['accept_minutes', 'acknowledge_minutes', 'resolve_minutes'] as const

screen({
  words: ['settings'],
  title: (t) => t.settings.title,
  data: {
    places: [] as Place[], place: '', tab: 'limits' as Tab, tabs: ['limits', 'calendar', 'frames'] as Tab[], rows: [] as Row[], stretches: [] as Stretch[], unknown: '', workday: 420, hours: [] as string[], hoursNote: '', perDay: '',
    sheet: '' as '' | 'limit' | 'days' | 'effect', title: '', limit: null as Limit['effective'] | null, ownLimit: false, days: { from: '', until: '', kind: 'holiday' as OwnDays['kind'], name: '' },
    effect: null as Settled | null, effectText: '', effectLate: '', late: [] as string[], problem: '', busy: false, grids: false,
  },
  own: { names: new Map<string, string>(), read: null as Limits | null, marked: null as Calendar | null, code: '', figures: null as Figures | null, put: null as ((mode: Mode) => Promise<Settled>) | null },
  methods: {
    async choose(event: { detail: { id: string } }) {
      this.setData({ place: event.detail.id })
      await this.reload()
    },
    tab(event: { currentTarget: { dataset: { tab: Tab } } }) {
      this.setData({ tab: event.currentTarget.dataset.tab })
    },
    grids() {
      wx.navigateTo({ url: `/office/grids/index?place=${this.data.place}` })
    },
    open(event: { currentTarget: { dataset: { code: string } } }) {
      const item = this.read!.items.find((each) => each.code === event.currentTarget.dataset.code)!
      this.code = item.code
      this.figures = null
      this.setData({ sheet: 'limit', title: this.names.get(item.code) ?? item.zh, limit: { ...item.effective }, ownLimit: FIGURES.some((name) => item.own.includes(name)), problem: '', busy: false })
    },
    figures_(event: { detail: { figures: Figures } }) {
      this.figures = event.detail.figures
      this.setData({ problem: '' })
    },
    /** Everything the office has of its own is sent, this category's with what was typed. */
    async tryLimit(): Promise<void> {
      const words = say('settings')
      const item = this.read!.items.find((each) => each.code === this.code)!
      const typed = this.figures
      if (!typed || FIGURES.every((name) => typed[name] === item.effective[name])) return this.setData({ problem: words.same })
      if (FIGURES.some((name) => !(typed[name] > 0))) return this.setData({ problem: words.number })
      const mine = this.read!.own.find((each) => each.code === this.code)
      const changed = FIGURES.map((name) => [name, typed[name] === item.default[name] ? null : typed[name]])
      await this.try(this.limitsWith({ ...mine, code: this.code, ...(Object.fromEntries(changed) as object) }))
    },
    async reset() {
      const mine = this.read!.own.find((each) => each.code === this.code)
      await this.try(this.limitsWith({ ...mine, code: this.code, accept_minutes: null, acknowledge_minutes: null, resolve_minutes: null }))
    },
    limitsWith(own: OwnFigures): (mode: Mode) => Promise<Settled> {
      const { place } = this.data
      const { version } = this.read!
      const kept = Object.entries(own).some(([name, value]) => name !== 'code' && value !== null && value !== undefined)
      const all = [...this.read!.own.filter((each) => each.code !== own.code), ...(kept ? [own] : [])]
      return (mode) => putLimits(place, version, all, mode)
    },
    addDays() {
      this.setData({ sheet: 'days', title: say('settings').addDay, days: { from: '', until: '', kind: 'holiday', name: '' }, problem: '', busy: false })
    },
    day(event: { detail: { from: string; until: string } }) {
      this.setData({ days: { ...this.data.days, ...event.detail }, problem: '' })
    },
    kind(event: { currentTarget: { dataset: { kind: OwnDays['kind'] } } }) {
      this.setData({ days: { ...this.data.days, kind: event.currentTarget.dataset.kind } })
    },
    name(event: { detail: { value: string } }) {
      this.setData({ days: { ...this.data.days, name: event.detail.value }, problem: '' })
    },
    async tryDays(): Promise<void> {
      const { from, until, kind, name } = this.data.days
      if (!from || !name.trim()) return this.setData({ problem: say('settings').needDay })
      await this.try(this.daysWith([...this.marked!.own, { first: from, ...(until > from ? { last: until } : {}), kind, name: name.trim() }]))
    },
    async removeDays(event: { currentTarget: { dataset: { own: number } } }) {
      const { own } = event.currentTarget.dataset
      this.setData({ title: say('settings').removeDay })
      await this.try(this.daysWith(this.marked!.own.filter((_, n) => n !== own)))
    },
    daysWith(days: OwnDays[]): (mode: Mode) => Promise<Settled> {
      const { place } = this.data
      const { version } = this.marked!
      return (mode) => putCalendar(place, version, days, mode)
    },
    /** Say what it would do before it is done. */
    async try(put: (mode: Mode) => Promise<Settled>) {
      this.put = put
      await this.ask(async () => {
        const effect = await put('preview')
        const words = say('settings')
        const late = effect.tickets.filter((ticket) => ticket.overdue).map((ticket) => ticket.no)
        this.setData({ sheet: 'effect', effect, late, effectText: effect.moved ? fill(words.effectText, { open: effect.open, moved: effect.moved }) : words.effectNone, effectLate: effect.overdue ? fill(words.effectLate, { n: effect.overdue }) : '' })
      })
    },
    async confirm() {
      await this.ask(async () => {
        await this.put!('confirm')
        wx.showToast({ title: say('settings').done, icon: 'none' })
        this.closed()
        await this.reload()
      })
    },
    async ask(act: () => Promise<void>) {
      if (this.data.busy) return
      this.setData({ busy: true, problem: '' })
      try {
        await act()
      } catch (error) {
        await this.refused(problemOf(error))
      }
      this.setData({ busy: false })
    },
    async refused(problem: Problem) {
      const said = problem.fields[0]?.detail ?? problem.sentence
      if (problem.status === 409) await this.reload() // somebody changed it meanwhile: what is shown now is theirs
      if (this.data.sheet && problem.status !== 409) return this.setData({ problem: said })
      this.closed()
      wx.showModal({ title: say('settings').title, content: said, showCancel: false, confirmText: say('common').ok })
    },
    main(): void {
      const { sheet } = this.data
      void (sheet === 'limit' ? this.tryLimit() : sheet === 'days' ? this.tryDays() : this.confirm())
    },
    closed() {
      this.setData({ sheet: '', problem: '' })
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    const me = store.get().me ?? (await fetchMe())
    const own = ownPlaces(me)
    const offices = await Promise.all(own.map(one))
    const streets = offices.filter((office) => office.level === 'street')
    const places: Place[] = [...streets, ...(await communities(own))]
    const place = this.data.place || places[0]!.id
    const [read, marked, hours, categories] = await Promise.all([limits(place), calendar(place), frames(place), all()])
    this.names = new Map(categories.map((category) => [category.code, nameOf(category)]))
    this.read = read
    this.marked = marked
    return { places, place, grids: !streets.some((street) => street.id === place), rows: read.items.map((item) => row(item, hours.minutes_a_day, this.names.get(item.code) ?? item.zh)), ...told(marked), ...working(hours) }
  },
})

function row({ code, level, effective, own }: Limit, workday: number, name: string): Row {
  const words = say('settings')
  const said = (minutes: number, clock: string): string => spokenSpan(minutes, clock as Clock, workday)
  const parts = [`${words.accept} ${said(effective.accept_minutes, effective.clock_accept)}`, `${words.resolve} ${said(effective.resolve_minutes, effective.clock_resolve)}`, effective.clock_resolve === 'working' ? words.working : words.around]
  return { code, name, urgent: level === 'E0', own: own.some((name) => (FIGURES as readonly string[]).includes(name)), said: parts.join(' · ') }
}

/** Days from today on, those that follow each other and say the same as one stretch. */
function told({ days, own, years }: Calendar): { stretches: Stretch[]; unknown: string } {
  const words = say('settings')
  const stretches: (Stretch & { first: string; last: string })[] = []
  for (const day of days.filter((each) => each.date >= today())) {
    const mine = day.of === 'own' ? own.findIndex((each) => each.first <= day.date && day.date <= (each.last ?? each.first)) : -1
    const last = stretches[stretches.length - 1]
    const kind = day.kind === 'holiday' ? words.holiday : words.makeup
    if (last && plus(last.last, 1) === day.date && last.kind === kind && last.name === day.name && last.own === mine) last.last = day.date
    else stretches.push({ key: day.date, first: day.date, last: day.date, days: '', name: day.name, kind, holiday: day.kind === 'holiday', of: day.of === 'own' ? words.ofOwn : day.of === 'street' ? words.ofStreet : words.notice, own: mine })
  }
  for (const each of stretches) each.days = each.first === each.last ? spokenDay(each.first) : fill(words.until, { from: spokenDay(each.first), until: spokenDay(each.last) })
  return { stretches, unknown: years.filter((year) => year.known_by !== 'notice').map((year) => year.text).join('\n') }
}

function working(read: Frames): { workday: number; hours: string[]; hoursNote: string; perDay: string } {
  const words = say('settings')
  const shown = (all: Frames['frames']): string[] => all.map((frame) => fill(words.until, { from: frame.start, until: frame.end }))
  return { workday: read.minutes_a_day, hours: shown(read.frames), hoursNote: read.own.length ? fill(words.ownFrames, { frames: shown(read.default).join('、') }) : words.defaultFrames, perDay: fill(words.perDay, { n: read.minutes_a_day }) }
}
