// Handing out and taking back (交付和归还), for staff: scan the code, type it, or find by name who has no phone.
import { messageOf } from '../../domain/errorMessage'
import { sayDone } from '../../domain/actionResult'
import { countOf, whatNext } from '../domain/offerKinds'
import { labelOf, wordsOf } from '../../i18n/index'
import type { List, Subject } from '../../services/shapes'
import { listSubjects, postSubjectAct, scanReservation } from '../../services/subjects'
import { definePage } from '../../ui/page'
import { scanCode } from '../../ui/scan'
import { subjectRoute } from '../../ui/subjectRoute'
import type { SubjectRequest } from '../components/subject-sheet/subject-sheet'
import '../words/index'

interface Row {
  id: string
  title: string
  who: string
  about: string
  status: string
  act: string // the one that is possible now
  words: string
}
const STATUSES = ['granted', 'out'] as const
const ACTS = ['hand_out', 'give_back']

const row = (subject: Subject): Row => {
  const act = ACTS.find((each) => subject.actions.includes(each)) ?? ''
  const reservation = subject as Extract<Subject, { noun: 'reservation' }>
  return {
    id: subject.id,
    title: [subject.title, countOf(reservation)].join(' · '),
    who: reservation.name ?? wordsOf('subject').nameless,
    about: whatNext(reservation),
    status: subject.status_name,
    act,
    words: act ? labelOf('action', `reservation.${act}`) : '',
  }
}

definePage({
  words: ['handover', 'common'],
  title: (t) => t.handover.title,
  data: {
    code: '',
    name: '',
    tab: 'granted' as (typeof STATUSES)[number],
    tabs: [] as { key: string; words: string }[],
    found: null as Row | null,
    rows: [] as Row[],
    more: false,
    trouble: '',
    request: null as SubjectRequest | null,
  },
  instanceFields: {
    subjects: {} as Record<string, Subject>,
    shown: null as string | null,
    next: null as string | null,
    busy: false,
    loads: 0,
  },
  async onReachEnd() {
    if (!this.next || this.busy) return
    this.busy = true
    try {
      const page = await this.fetch(this.next)
      this.setData({ rows: [...this.data.rows, ...this.keep(page)], more: Boolean(this.next) })
    } catch {
      this.setData({ more: true }) // scrolling to the end tries again
    } finally {
      this.busy = false
    }
  },
  methods: {
    fetch(cursor?: string | null) {
      const q = this.data.name.trim()
      return listSubjects('reservation', { status: [this.data.tab], cursor, ...(q ? { q } : {}) })
    },
    keep(page: List<Subject>): Row[] {
      this.next = page.next ?? null
      for (const each of page.items) this.subjects[each.id] = each
      return page.items.map(row)
    },
    typeCode(event: { detail: { value: string } }) {
      this.setData({ code: event.detail.value, trouble: '' })
    },
    typeName(event: { detail: { value: string } }) {
      this.setData({ name: event.detail.value })
    },
    async scan() {
      const code = await scanCode()
      if (code) await this.look(code)
    },
    async find() {
      await this.look(this.data.code)
    },
    async look(typed: string) {
      const code = typed.replace(/\s/g, '').toUpperCase()
      if (!code) return this.setData({ trouble: wordsOf('common').required })
      this.setData({ trouble: '', found: null })
      try {
        const subject = await scanReservation(code)
        this.subjects[subject.id] = subject
        this.shown = code
        this.setData({ found: row(subject), code })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
    },
    /** What was scanned is handed out at once: its code has been shown. */
    async handOut() {
      const subject = this.subjects[this.data.found!.id]!
      if (this.busy) return
      if (this.data.found!.act !== 'hand_out') return this.setData({ request: { subject, act: 'give_back' } })
      this.busy = true
      try {
        this.finish(await postSubjectAct(subject, 'hand_out', { code: this.shown }))
        sayDone(labelOf('done', 'reservation.hand_out'))
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.busy = false
    },
    finish(subject: Subject) {
      this.setData({ found: null, code: '', request: null, trouble: '' })
      this.subjects[subject.id] = subject
      void this.reload()
    },
    act(event: { currentTarget: { dataset: { id: string; act: string } } }) {
      const { id, act } = event.currentTarget.dataset
      this.setData({ request: { subject: this.subjects[id]!, act } })
    },
    open(event: { currentTarget: { dataset: { id: string } } }) {
      wx.navigateTo({ url: subjectRoute('reservation', event.currentTarget.dataset.id) })
    },
    done(event: { detail: { subject: Subject } }) {
      this.finish(event.detail.subject)
    },
    stale(event: { detail: { sentence: string } }) {
      this.setData({ request: null, trouble: event.detail.sentence })
      void this.reload()
    },
    closed() {
      this.setData({ request: null })
    },
    async choose(event: { currentTarget: { dataset: { key: (typeof STATUSES)[number] } } }) {
      this.setData({ tab: event.currentTarget.dataset.key, rows: [] })
      await this.reload()
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const load = ++this.loads
    const page = await this.fetch()
    if (load !== this.loads) return {} // another tab or name was chosen meanwhile
    const tabs = STATUSES.map((key) => ({ key, words: labelOf('subjectTab', key) }))
    return { rows: this.keep(page), tabs, more: Boolean(page.next) }
  },
})
