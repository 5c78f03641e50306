// The limits, calendar and office hours of an office. One category or some days can be changed, with a
// preview first.
import { fetchCategories } from '../../domain/categories'
import { addDays, formatDay, today } from '../../domain/dates'
import { fieldMessageOf } from '../../domain/errorMessage'
import { fetchMe } from '../../domain/profile'
import { managedPlaces } from '../../domain/roles'
import { store } from '../../domain/store'
import { formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { type Problem, problemOf } from '../../platform/problem'
import {
  getCalendar,
  getLimits,
  getOfficeHours,
  putCalendar,
  putLimits,
  type SaveMode,
} from '../../services/settings'
import type {
  Calendar,
  Limit,
  Limits,
  OfficeHours,
  OwnDays,
  OwnFigures,
  Place,
  SettingsResult,
} from '../../services/shapes'
import { tell } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { offices } from '../communities'
import type { Figures } from '../components/limit-form/limit-form'
import { type Clock, formatLimit } from '../durations'
import '../words/index'

type Tab = 'limits' | 'calendar' | 'frames'

interface Row {
  code: string
  name: string
  urgent: boolean
  own: boolean
  summary: string
}

interface Stretch {
  key: string
  days: string
  name: string
  kind: string
  holiday: boolean
  of: string
  own: number // index in the office's own days; −1 for others
}

const FIGURES = ['accept_minutes', 'acknowledge_minutes', 'resolve_minutes'] as const
const KINDS = ['accept', 'acknowledge', 'resolve'] as const

/** A ticket whose due times move: each as old → new. */
interface Moved {
  no: string
  dues: string[]
  late: boolean
}

definePage({
  words: ['settings'],
  title: (t) => t.settings.title,
  data: {
    places: [] as Place[],
    place: '',
    tab: 'limits' as Tab,
    tabs: ['limits', 'calendar', 'frames'] as Tab[],
    rows: [] as Row[],
    stretches: [] as Stretch[],
    unknown: '',
    workday: 420,
    hours: [] as string[],
    hoursNote: '',
    perDay: '',
    sheet: '' as '' | 'limit' | 'days' | 'effect',
    title: '',
    limit: null as Limit['effective'] | null,
    ownLimit: false,
    days: { from: '', until: '', kind: 'holiday' as OwnDays['kind'], name: '' },
    effect: null as SettingsResult | null,
    effectText: '',
    effectLate: '',
    changes: [] as string[],
    moved: [] as Moved[],
    effectMore: '',
    problem: '',
    busy: false,
    grids: false,
  },
  instanceFields: {
    names: new Map<string, string>(),
    read: null as Limits | null,
    marked: null as Calendar | null,
    code: '',
    figures: null as Figures | null,
    put: null as ((mode: SaveMode) => Promise<SettingsResult>) | null,
  },
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
    robots() {
      wx.navigateTo({ url: `/office/robots/index?place=${this.data.place}` })
    },
    open(event: { currentTarget: { dataset: { code: string } } }) {
      const item = this.read!.items.find((each) => each.code === event.currentTarget.dataset.code)!
      this.code = item.code
      this.figures = null
      this.setData({
        sheet: 'limit',
        title: this.names.get(item.code) ?? item.zh,
        limit: { ...item.effective },
        ownLimit: FIGURES.some((name) => item.own.includes(name)),
        changes: [],
        problem: '',
        busy: false,
      })
    },
    figures_(event: { detail: { figures: Figures } }) {
      this.figures = event.detail.figures
      this.setData({ problem: '' })
    },
    /** Preview the limits. All own limits of the office are sent, with those of this category changed. */
    async tryLimit(): Promise<void> {
      const words = wordsOf('settings')
      const item = this.read!.items.find((each) => each.code === this.code)!
      const entered = this.figures
      if (!entered || FIGURES.every((name) => entered[name] === item.effective[name]))
        return this.setData({ problem: words.same })
      if (FIGURES.some((name) => !(entered[name] > 0))) return this.setData({ problem: words.number })
      this.setData({ changes: this.limitChanges(item, entered) })
      const mine = this.read!.own.find((each) => each.code === this.code)
      const changed = FIGURES.map((name) => [
        name,
        entered[name] === item.default[name] ? null : entered[name],
      ])
      await this.try(
        this.limitsWith({ ...mine, code: this.code, ...(Object.fromEntries(changed) as object) }),
      )
    },
    limitChanges({ effective }: Limit, after: Figures): string[] {
      const words = wordsOf('settings')
      const text = (minutes: number, kind: (typeof KINDS)[number]): string =>
        formatLimit(minutes, effective[`clock_${kind}`] as Clock, this.data.workday)
      return KINDS.filter((kind) => after[`${kind}_minutes`] !== effective[`${kind}_minutes`]).map((kind) =>
        fill(words.change, {
          what: words[kind],
          before: text(effective[`${kind}_minutes`], kind),
          after: text(after[`${kind}_minutes`], kind),
        }),
      )
    },
    async reset() {
      const item = this.read!.items.find((each) => each.code === this.code)!
      this.setData({ changes: this.limitChanges(item, item.default) })
      const mine = this.read!.own.find((each) => each.code === this.code)
      await this.try(
        this.limitsWith({
          ...mine,
          code: this.code,
          accept_minutes: null,
          acknowledge_minutes: null,
          resolve_minutes: null,
        }),
      )
    },
    limitsWith(own: OwnFigures): (mode: SaveMode) => Promise<SettingsResult> {
      const { place } = this.data
      const { version } = this.read!
      const hasOwn = Object.entries(own).some(
        ([name, value]) => name !== 'code' && value !== null && value !== undefined,
      )
      const all = [...this.read!.own.filter((each) => each.code !== own.code), ...(hasOwn ? [own] : [])]
      return (mode) => putLimits(place, version, all, mode)
    },
    addDays() {
      this.setData({
        sheet: 'days',
        title: wordsOf('settings').addDay,
        days: { from: '', until: '', kind: 'holiday', name: '' },
        changes: [],
        problem: '',
        busy: false,
      })
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
      if (!from || !name.trim()) return this.setData({ problem: wordsOf('settings').needDay })
      await this.try(
        this.daysWith([
          ...this.marked!.own,
          { first: from, ...(until > from ? { last: until } : {}), kind, name: name.trim() },
        ]),
      )
    },
    async removeDays(event: { currentTarget: { dataset: { own: number } } }) {
      const { own } = event.currentTarget.dataset
      this.setData({ title: wordsOf('settings').removeDay, changes: [] })
      await this.try(this.daysWith(this.marked!.own.filter((_, n) => n !== own)))
    },
    daysWith(days: OwnDays[]): (mode: SaveMode) => Promise<SettingsResult> {
      const { place } = this.data
      const { version } = this.marked!
      return (mode) => putCalendar(place, version, days, mode)
    },
    /** Show the effect of a change before it is saved. */
    async try(put: (mode: SaveMode) => Promise<SettingsResult>) {
      this.put = put
      await this.ask(async () => {
        const effect = await put('preview')
        const words = wordsOf('settings')
        const counts = { name: this.data.title, open: effect.open, moved: effect.moved }
        const [some, none] = this.data.changes.length
          ? [words.effectOf, words.effectNoneOf]
          : [words.effectText, words.effectNone]
        this.setData({
          sheet: 'effect',
          effect,
          moved: effect.tickets.map(moved),
          effectText: fill(effect.moved ? some : none, counts),
          effectLate: effect.overdue ? fill(words.effectLate, { n: effect.overdue }) : '',
          effectMore:
            effect.moved > effect.tickets.length ? fill(words.effectMore, { n: effect.tickets.length }) : '',
        })
      })
    },
    async confirm() {
      await this.ask(async () => {
        await this.put!('confirm')
        wx.showToast({ title: wordsOf('settings').done, icon: 'none' })
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
      const message = fieldMessageOf(problem)
      if (problem.status === 409) await this.reload() // changed meanwhile: show the current settings
      if (this.data.sheet && problem.status !== 409) return this.setData({ problem: message })
      this.closed()
      tell(wordsOf('settings').title, message)
    },
    main(): void {
      const { sheet } = this.data
      void (sheet === 'limit' ? this.tryLimit() : sheet === 'days' ? this.tryDays() : this.confirm())
    },
    closed() {
      this.setData({ sheet: '', problem: '' })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const me = store.get().me ?? (await fetchMe())
    const places = await offices(managedPlaces(me))
    const place = this.data.place || places[0]!.id
    const [read, marked, hours, categories] = await Promise.all([
      getLimits(place),
      getCalendar(place),
      getOfficeHours(place),
      fetchCategories(),
    ])
    this.names = new Map(categories.map((category) => [category.code, category.name]))
    this.read = read
    this.marked = marked
    return {
      places,
      place,
      grids: places.some(({ id, level }) => id === place && level === 'community'),
      rows: read.items.map((item) => row(item, hours.minutes_a_day, this.names.get(item.code) ?? item.zh)),
      ...calendarView(marked),
      ...working(hours),
    }
  },
})

function row({ code, level, effective, own }: Limit, workday: number, name: string): Row {
  const words = wordsOf('settings')
  const summary = (minutes: number, clock: string): string => formatLimit(minutes, clock as Clock, workday)
  const parts = [
    `${words.accept} ${summary(effective.accept_minutes, effective.clock_accept)}`,
    `${words.resolve} ${summary(effective.resolve_minutes, effective.clock_resolve)}`,
    effective.clock_resolve === 'working' ? words.working : words.around,
  ]
  return {
    code,
    name,
    urgent: level === 'E0',
    own: own.some((name) => (FIGURES as readonly string[]).includes(name)),
    summary: parts.join(' · '),
  }
}

function moved({ no, overdue, before, after }: SettingsResult['tickets'][number]): Moved {
  const words = wordsOf('settings')
  const dues = KINDS.map((kind) => {
    const [was, is] = [before[`${kind}_due`], after[`${kind}_due`]]
    return was && is && was !== is
      ? fill(words.change, { what: words[kind], before: formatTime(was), after: formatTime(is) })
      : ''
  }).filter(Boolean)
  return { no, dues, late: overdue }
}

/** The days from today on; equal consecutive days are one range. */
function calendarView({ days, own, years }: Calendar): { stretches: Stretch[]; unknown: string } {
  const words = wordsOf('settings')
  const stretches: (Stretch & { first: string; last: string })[] = []
  for (const day of days.filter((each) => each.date >= today())) {
    const mine =
      day.of === 'own'
        ? own.findIndex((each) => each.first <= day.date && day.date <= (each.last ?? each.first))
        : -1
    const last = stretches[stretches.length - 1]
    const kind = day.kind === 'holiday' ? words.holiday : words.makeup
    if (
      last &&
      addDays(last.last, 1) === day.date &&
      last.kind === kind &&
      last.name === day.name &&
      last.own === mine
    )
      last.last = day.date
    else
      stretches.push({
        key: day.date,
        first: day.date,
        last: day.date,
        days: '',
        name: day.name,
        kind,
        holiday: day.kind === 'holiday',
        of: day.of === 'own' ? words.ofOwn : day.of === 'street' ? words.ofStreet : words.notice,
        own: mine,
      })
  }
  for (const each of stretches)
    each.days =
      each.first === each.last
        ? formatDay(each.first)
        : fill(words.until, { from: formatDay(each.first), until: formatDay(each.last) })
  return {
    stretches,
    unknown: years
      .filter((year) => year.known_by !== 'notice')
      .map((year) => year.text)
      .join('\n'),
  }
}

function working(read: OfficeHours): { workday: number; hours: string[]; hoursNote: string; perDay: string } {
  const words = wordsOf('settings')
  const frameTexts = (all: OfficeHours['frames']): string[] =>
    all.map((frame) => fill(words.until, { from: frame.start, until: frame.end }))
  return {
    workday: read.minutes_a_day,
    hours: frameTexts(read.frames),
    hoursNote: read.own.length
      ? fill(words.ownFrames, { frames: frameTexts(read.default).join('、') })
      : words.defaultFrames,
    perDay: fill(words.perDay, { n: read.minutes_a_day }),
  }
}
