// Writing a report: photos, text, send. Everything is saved as a draft; without a network the report waits in
// the outbox.
import { fetchCategories } from '../../domain/categories'
import { saveActionDraft } from '../../domain/draftText'
import { blankDraft, moveDraft, openDraft, removeDraft, saveDraft } from '../../domain/drafts'
import { messageOf, waitingMessageOf } from '../../domain/errorMessage'
import { sendReport } from '../../domain/outbox'
import { currentPlace, setCurrentPlace } from '../../domain/places'
import { askForMessages } from '../../domain/subscriptions'
import type { Draft, OnBehalf, Shot } from '../../domain/types'
import { fill, wordsOf } from '../../i18n/index'
import { fieldOf, Problem } from '../../platform/problem'
import type { Category, Ticket } from '../../services/shapes'
import { definePage } from '../../ui/page'
import { pickPlace } from '../../ui/placePicker'

type Stage = 'writing' | 'sending' | 'sent' | 'waiting'

definePage({
  words: ['report', 'place', 'home'],
  title: (t) => t.report.title,
  data: {
    draft: blankDraft(),
    category: null as Category | null,
    name: '',
    emergency: '',
    callNow: '',
    categories: [] as Category[],
    choosing: false,
    stage: 'writing' as Stage,
    percent: '',
    errors: {} as Record<string, string>,
    trouble: '',
    ticket: null as Ticket | null,
    sentence: '',
  },
  onOpen(query) {
    const draft = openDraft(query['resume'] ? undefined : query['category'])
    this.setData({
      draft:
        query['behalf'] && !draft.behalf ? { ...draft, behalf: { name: '', phone: '', way: 'call' } } : draft,
    })
  },
  methods: {
    change(values: Partial<Draft>) {
      const draft = { ...this.data.draft, ...values }
      saveDraft(draft)
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
    behalf(event: { detail: { behalf: OnBehalf | null } }) {
      this.change({ behalf: event.detail.behalf })
    },
    async place() {
      const choice = await pickPlace()
      if (!choice) return
      const place = await setCurrentPlace(choice)
      this.change(moveDraft(this.data.draft, place))
    },
    recategorise() {
      this.setData({ choosing: !this.data.choosing })
    },
    choose(event: { detail: { code: string } }) {
      const category = this.data.categories.find((each) => each.code === event.detail.code)!
      removeDraft(this.data.draft.category)
      this.change({ category: category.code })
      this.setData({ ...categoryView(category), choosing: false })
    },
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.category!.emergency_phone!, fail: () => undefined })
    },
    async submit(): Promise<void> {
      if (this.data.stage === 'sending') return
      const { draft } = this.data
      const errors = missing(draft)
      if (Object.keys(errors).length) return this.setData({ errors, trouble: Object.values(errors)[0]! })
      askForMessages('report')
      this.setData({ stage: 'sending', percent: wordsOf('report').sendingNow, errors: {}, trouble: '' })
      this.ended(
        await sendReport(draft, (n) => this.setData({ percent: fill(wordsOf('report').sending, { n }) })),
      )
    },
    ended(outcome: Ticket | Problem): void {
      if (outcome instanceof Problem && !outcome.temporary) return this.refused(outcome)
      const waiting = outcome instanceof Problem
      const sentence = waiting
        ? fill(wordsOf('report').keptText, { why: waitingMessageOf(outcome) })
        : fill(wordsOf('report').doneText, { holder: outcome.holder?.label ?? wordsOf('turn').nobody })
      this.setData({ stage: waiting ? 'waiting' : 'sent', ticket: waiting ? null : outcome, sentence })
    },
    refused(problem: Problem) {
      const errors = Object.fromEntries(
        problem.fieldErrors.map((each) => [fieldOf(each.pointer), each.detail]),
      )
      const photos: Record<string, string> = problem.status === 413 ? { photo_ids: messageOf(problem) } : {}
      this.setData({ stage: 'writing', errors: { ...photos, ...errors }, trouble: messageOf(problem) })
    },
    see() {
      wx.redirectTo({ url: `/pages/ticket/index?id=${this.data.ticket!.id}` })
    },
    again() {
      wx.switchTab({ url: '/pages/home/index' })
    },
    followed(event: { detail: { id: string } }) {
      const { category, text, shots } = this.data.draft
      // As the draft of a comment.
      if (text || shots.length) saveActionDraft(event.detail.id, 'comment', { text, photo_ids: shots })
      removeDraft(category)
      wx.redirectTo({ url: `/pages/ticket/index?id=${event.detail.id}` })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const [categories, place] = await Promise.all([fetchCategories(), currentPlace()])
    const { draft } = this.data
    if (!draft.place) this.setData({ draft: moveDraft(draft, place) }) // now: one may be chosen meanwhile
    const category = categories.find((each) => each.code === draft.category) ?? null
    return { categories, choosing: !category, ...categoryView(category) }
  },
})

function categoryView(category: Category | null): {
  category: Category | null
  name: string
  emergency: string
  callNow: string
} {
  const phone = category?.emergency_phone ?? ''
  const words = wordsOf('report')
  return {
    category,
    name: category ? category.name : '',
    emergency: fill(words.emergency, { phone }),
    callNow: fill(words.callNow, { phone }),
  }
}

function missing(draft: Draft): Record<string, string> {
  const words = wordsOf('report')
  return {
    ...(draft.place ? {} : { place_id: words.needPlace }),
    ...(draft.text.trim() || draft.shots.length ? {} : { photo_ids: words.need }),
  }
}
