// A new subject of any kind (`noun`): its fields from the table of forms, what is known already filled in. `place` and
// `source`: where it began. What was typed is kept until it has arrived.
import { readActionDraft, removeActionDraft, saveActionDraft } from '../../domain/draftText'
import { messageOf } from '../../domain/errorMessage'
import { currentPlace } from '../../domain/places'
import { fetchMe } from '../../domain/profile'
import { store } from '../../domain/store'
import { askForMessages } from '../../domain/subscriptions'
import { isStaff } from '../domain/kinds'
import { fieldAt, newAct, type NewSubject, subjectBody, subjectForm } from '../domain/forms'
import type { ActionValues } from '../../domain/types'
import { labelOf, wordsOf } from '../../i18n/index'
import { newKey } from '../../platform/idempotencyKey'
import { type Problem, problemOf } from '../../platform/problem'
import { getPlace } from '../../services/places'
import type { Subject, SubjectKind } from '../../services/shapes'
import { createSubject } from '../../services/subjects'
import { definePage } from '../../ui/page'
import { subjectRoute } from '../../ui/subjectRoute'
import '../words/index'

definePage({
  words: ['subject', 'common'],
  data: {
    noun: 'opinion' as SubjectKind,
    form: '',
    on: null as NewSubject | null,
    values: {} as ActionValues,
    errors: {} as Record<string, string>,
    trouble: '',
    hint: '',
    privacy: '',
    send: '',
    busy: false,
    made: null as Subject | null,
    doneText: '',
  },
  instanceFields: { key: '', begun: false },
  onVisible() {
    wx.setNavigationBarTitle({ title: labelOf('action', `${this.query['noun']}.new`) })
  },
  methods: {
    change(event: { detail: { values: ActionValues } }) {
      this.key = newKey() // other values are another subject
      this.setData({ values: event.detail.values, errors: {}, trouble: '' })
      saveActionDraft(this.data.on!.id, this.data.form, event.detail.values)
    },
    async submit() {
      if (this.data.busy) return
      const { noun, on, values } = this.data
      const missing = subjectForm(noun, newAct(noun)).fields.filter(
        (field) => field.required && isEmpty(values[field.name]),
      )
      if (missing.length)
        return this.setData({
          errors: Object.fromEntries(missing.map((field) => [field.name, wordsOf('common').required])),
        })
      if (!isStaff()) askForMessages('common_life') // who says something waits for what becomes of it
      this.setData({ busy: true, errors: {}, trouble: '' })
      try {
        const made = await createSubject(noun, { ...subjectBody(values), ...sourceOf(on!) }, this.key)
        removeActionDraft(on!.id, this.data.form)
        this.setData({ made, doneText: labelOf('subjectDone', noun) })
      } catch (error) {
        this.refused(problemOf(error))
      }
      this.setData({ busy: false })
    },
    refused(problem: Problem) {
      const errors = Object.fromEntries(
        problem.fieldErrors.map((each) => [fieldAt(each.pointer), each.detail]),
      )
      this.setData({ errors, trouble: messageOf(problem) })
    },
    see() {
      wx.redirectTo({ url: subjectRoute(this.data.noun, this.data.made!.id) })
    },
    again() {
      this.begun = false
      this.setData({ made: null })
      void this.reload()
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    if (!store.get().me) await fetchMe() // the choices depend on the person
    if (this.begun) return {}
    this.begun = true
    this.key = newKey()
    const noun = this.query['noun'] as SubjectKind
    const { source, place } = this.query
    const on: NewSubject = { id: `new${source ?? ''}`, noun, ...(source ? { source_id: source } : {}) }
    const act = newAct(noun)
    const form = `${noun}.${act}`
    const kept = readActionDraft(on.id, form)
    return {
      noun,
      form,
      on,
      values: kept ?? { ...(await known(noun, place)), ...subjectForm(noun, act).preset?.(on as never) },
      hint: act === 'new' ? labelOf('subjectHint', noun, '') : wordsOf('subject').hearHint,
      privacy: labelOf('subjectPrivacy', noun, ''),
      send: labelOf('subjectSend', noun),
    }
  },
})

/** Kinds whose place is chosen on a page of its own. */
const AT_A_DOOR: ReadonlySet<SubjectKind> = new Set(['opinion', 'dispute'])

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && !value.trim())

/** The place, where it is known: that of what it began at, else the one somebody reports from. */
async function known(noun: SubjectKind, place?: string): Promise<ActionValues> {
  if (place) {
    const { id, label } = await getPlace(place)
    return { place_id: AT_A_DOOR.has(noun) ? { id, label } : id }
  }
  const here = AT_A_DOOR.has(noun) ? await currentPlace() : null
  return here?.id ? { place_id: here } : {}
}

/** An opinion names where it was said, everything else what it came from. */
function sourceOf({ noun, source_id }: NewSubject): object {
  if (!source_id) return {}
  return noun === 'opinion' ? { activity_id: source_id } : { source_id }
}
