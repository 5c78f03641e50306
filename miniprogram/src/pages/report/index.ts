// Writing a report: photos, words if one likes, send. Everything typed is kept; a dead network keeps it until it goes by itself.
import { blank, draft, dropDraft, keepDraft, type Behalf, type Draft } from '../../core/drafts'
import { keep } from '../../core/box'
import { post, type Shot } from '../../core/outbox'
import { pickPlace } from '../../core/picking'
import { here, remember } from '../../core/places'
import { fieldOf, Problem } from '../../core/problem'
import { screen } from '../../core/screen'
import { subscribe } from '../../core/subscribe'
import { fill, say } from '../../i18n/index'
import { all, nameOf } from '../../services/categories'
import type { Category, Ticket } from '../../services/shapes'

type Stage = 'writing' | 'sending' | 'sent' | 'kept'

screen({
  words: ['report', 'place', 'home'],
  title: (t) => t.report.title,
  data: {
    draft: blank(), category: null as Category | null, name: '', emergency: '', callNow: '', categories: [] as Category[], choosing: false,
    stage: 'writing' as Stage, percent: '', errors: {} as Record<string, string>, trouble: '', ticket: null as Ticket | null, sentence: '',
  },
  opened(query) {
    const written = draft(query['resume'] ? undefined : query['category']) ?? blank(query['category'])
    this.setData({ draft: query['behalf'] && !written.behalf ? { ...written, behalf: { name: '', phone: '', way: 'call' } } : written })
  },
  methods: {
    change(values: Partial<Draft>) {
      const draft = { ...this.data.draft, ...values }
      keepDraft(draft)
      this.setData({ draft, errors: {}, trouble: '' })
    },
    shoot(event: { detail: { shots: Shot[] } }) {
      this.change({ shots: event.detail.shots })
    },
    text(event: { detail: { value: string } }) {
      this.change({ text: event.detail.value })
    },
    note(event: { detail: { value: string } }) {
      this.change({ note: event.detail.value })
    },
    anonymous(event: { detail: { value: boolean } }) {
      this.change({ anonymous: event.detail.value })
    },
    behalf(event: { detail: { behalf: Behalf | null } }) {
      this.change({ behalf: event.detail.behalf })
    },
    async place() {
      const place = await pickPlace()
      if (place) this.change({ place: remember(place), ...(place.note ? { note: place.note } : {}) })
    },
    recategorise() {
      this.setData({ choosing: !this.data.choosing })
    },
    choose(event: { detail: { code: string } }) {
      const category = this.data.categories.find((each) => each.code === event.detail.code)!
      dropDraft(this.data.draft.category)
      this.change({ category: category.code })
      this.setData({ ...shown(category), choosing: false })
    },
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.category!.emergency_phone!, fail: () => undefined })
    },
    async submit(): Promise<void> {
      if (this.data.stage === 'sending') return
      subscribe('reported')
      const { draft } = this.data
      const errors = missing(draft)
      if (Object.keys(errors).length) return this.setData({ errors, trouble: Object.values(errors)[0]! })
      this.setData({ stage: 'sending', percent: say('report').sendingNow, errors: {}, trouble: '' })
      this.ended(await post(draft, (n) => this.setData({ percent: fill(say('report').sending, { n }) })))
    },
    ended(outcome: Ticket | Problem): void {
      if (outcome instanceof Problem && !outcome.passing) return this.refused(outcome)
      const kept = outcome instanceof Problem
      const sentence = kept ? say('report')[outcome.why === 'offline' ? 'keptText' : 'keptBusy'] : fill(say('report').doneText, { holder: outcome.holder?.label ?? say('turn').nobody })
      this.setData({ stage: kept ? 'kept' : 'sent', ticket: kept ? null : outcome, sentence })
    },
    refused(problem: Problem) {
      const errors = Object.fromEntries(problem.fields.map((each) => [fieldOf(each.pointer), each.detail]))
      const photos: Record<string, string> = problem.status === 413 ? { photo_ids: problem.sentence } : {}
      this.setData({ stage: 'writing', errors: { ...photos, ...errors }, trouble: problem.sentence })
    },
    see() {
      wx.redirectTo({ url: `/pages/ticket/index?id=${this.data.ticket!.id}` })
    },
    again() {
      wx.switchTab({ url: '/pages/home/index' })
    },
    followed(event: { detail: { id: string } }) {
      const { category, text, shots } = this.data.draft
      if (text || shots.length) keep(`act:${event.detail.id}:comment`, { text, photo_ids: shots }) // what was written can be said there
      dropDraft(category)
      wx.redirectTo({ url: `/pages/ticket/index?id=${event.detail.id}` })
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    const categories = await all()
    const written = this.data.draft
    const draft = written.place ? written : { ...written, place: await here() }
    const category = categories.find((each) => each.code === draft.category) ?? null
    return { categories, draft, choosing: !category, ...shown(category) }
  },
})

function shown(category: Category | null): { category: Category | null; name: string; emergency: string; callNow: string } {
  const phone = category?.emergency_phone ?? ''
  const words = say('report')
  return { category, name: category ? nameOf(category) : '', emergency: fill(words.emergency, { phone }), callNow: fill(words.callNow, { phone }) }
}

function missing(draft: Draft): Record<string, string> {
  const words = say('report')
  return {
    ...(draft.place ? {} : { place_id: words.needPlace }),
    ...(draft.text.trim() || draft.shots.length ? {} : { photo_ids: words.need }),
  }
}
