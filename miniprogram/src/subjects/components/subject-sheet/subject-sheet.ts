// One act on a subject: performed at once, after a question, or with a form. Entered values survive every failure.
// Property: `request` {subject, act}. Events: `done` {subject}, `stale` {sentence} when it has changed meanwhile, `closed`.
import { sayDone } from '../../../domain/actionResult'
import { readActionDraft, removeActionDraft, saveActionDraft } from '../../../domain/draftText'
import { messageOf } from '../../../domain/errorMessage'
import { store } from '../../../domain/store'
import { askForMessages } from '../../../domain/subscriptions'
import { subjectBody, subjectForm } from '../../domain/forms'
import { uploadPhotos } from '../../../domain/photoUpload'
import type { ActionValues, Shot } from '../../../domain/types'
import { labelOf, wordsOf } from '../../../i18n/index'
import { newKey } from '../../../platform/idempotencyKey'
import { fieldOf, type Problem, problemOf } from '../../../platform/problem'
import type { Subject } from '../../../services/shapes'
import { postSubjectAct } from '../../../services/subjects'
import { ask, tell } from '../../../ui/ask'
import { defineComponent } from '../../../ui/component'
import { sameContent } from '../../../ui/sameContent'
import '../../words/index'

/** With these acts one waits for what comes: a decision, another time. */
const AWAITED: ReadonlySet<string> = new Set(['topic.support', 'activity.sign_up'])

export interface SubjectRequest {
  subject: Subject
  act: string
}

defineComponent({
  words: ['common'],
  props: { request: null as SubjectRequest | null },
  data: {
    visible: false,
    busy: false,
    title: '',
    tone: '',
    form: '',
    values: {} as ActionValues,
    errors: {} as Record<string, string>,
    problem: '',
  },
  instanceFields: { key: '', current: null as SubjectRequest | null },
  observe: 'request',
  update() {
    const { request } = this.data
    if (Boolean(request) !== store.get().actionOpen) store.set({ actionOpen: Boolean(request) })
    if (request && !sameContent(request, this.current)) this.start(request)
    this.current = request
  },
  onDetach() {
    // The page was closed with the sheet open.
    if (this.data.request) store.set({ actionOpen: false, sheetOpen: false })
  },
  methods: {
    start({ subject, act }: SubjectRequest) {
      const name = `${subject.noun}.${act}`
      const form = subjectForm(subject.noun, act)
      this.key = newKey()
      this.setData({
        busy: false,
        title: labelOf('action', name),
        tone: form.tone ?? 'main',
        form: name,
        values: readActionDraft(subject.id, name) ?? form.preset?.(subject) ?? {},
        errors: {},
        problem: '',
      })
      if (form.fields.length) return this.show(true)
      if (AWAITED.has(name)) askForMessages('common_life') // from the tap, which is not over yet
      if (!form.ask) return void this.send()
      void ask(labelOf('action', name), labelOf('ask', name, '')).then((yes) =>
        yes ? this.send() : this.close(),
      )
    },
    change(event: { detail: { values: ActionValues } }) {
      const { subject, act } = this.data.request!
      const { values } = event.detail
      const { atOnce } = subjectForm(subject.noun, act)
      this.key = newKey() // other values are another request
      if (atOnce && values[atOnce] !== undefined) {
        this.setData({ values: { [atOnce]: values[atOnce] }, errors: {}, problem: '' })
        return void this.send()
      }
      this.setData({ values, errors: {}, problem: '' })
      saveActionDraft(subject.id, this.data.form, values)
    },
    submit() {
      const { subject, act } = this.data.request!
      const missing = subjectForm(subject.noun, act).fields.filter(
        (field) => field.required && isEmpty(this.data.values[field.name]),
      )
      if (!missing.length) return void this.send()
      this.setData({
        errors: Object.fromEntries(missing.map((field) => [field.name, wordsOf('common').required])),
      })
    },
    async send() {
      if (this.data.busy) return
      const { subject, act } = this.data.request!
      this.setData({ busy: true })
      try {
        const shots = this.data.values['photo_ids'] as Shot[] | undefined
        const photos = shots ? { photo_ids: await uploadPhotos(shots, this.key) } : {}
        const body = { ...subjectBody(this.data.values), ...photos }
        const fresh = await postSubjectAct(subject, act, body, this.key)
        removeActionDraft(subject.id, this.data.form)
        this.show(false)
        sayDone(labelOf('done', this.data.form, fresh.status_name))
        this.triggerEvent('done', { subject: fresh })
      } catch (error) {
        this.refused(problemOf(error))
      }
      this.setData({ busy: false })
    },
    refused(problem: Problem) {
      if (problem.status === 409) {
        this.show(false) // what was typed is there when the form opens again
        return this.triggerEvent('stale', { sentence: messageOf(problem) })
      }
      const errors = Object.fromEntries(
        problem.fieldErrors.flatMap(({ pointer, detail }) =>
          [fieldOf(pointer), pointer.slice(1).split('/').join('.')].map((name) => [name, detail]),
        ),
      )
      this.setData({
        errors,
        problem: Object.keys(errors).length ? wordsOf('problem').invalid : messageOf(problem),
      })
      if (this.data.visible) return
      tell(this.data.title, messageOf(problem))
      this.close()
    },
    show(visible: boolean) {
      this.setData({ visible })
      store.set({ sheetOpen: visible })
    },
    close() {
      this.show(false)
      this.triggerEvent('closed')
    },
  },
})

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && !value.trim())
