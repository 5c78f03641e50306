// One action on a ticket: performed at once, after a question, or with a form. Entered values survive every
// failure.
// Property: `request` {ticket, action}. Events: `done` {ticket}, `stale` {sentence} when the ticket has
// changed meanwhile, `closed`.
import { announce } from '../../domain/actionResult'
import { readActionDraft, removeActionDraft, saveActionDraft } from '../../domain/draftText'
import { messageOf } from '../../domain/errorMessage'
import { type Field, formOf } from '../../domain/forms'
import { performAction } from '../../domain/performAction'
import { photoFile } from '../../domain/photoFiles'
import { store } from '../../domain/store'
import { askForMessages } from '../../domain/subscriptions'
import type { ActionRequest, ActionValues, Shot } from '../../domain/types'
import { labelOf, wordsOf } from '../../i18n/index'
import { newKey } from '../../platform/idempotencyKey'
import { fieldOf, type Problem, problemOf } from '../../platform/problem'
import { ask, tell } from '../../ui/ask'
import { defineComponent } from '../../ui/component'
import { sameContent } from '../../ui/sameContent'

defineComponent({
  words: ['common'],
  props: { request: null as ActionRequest | null },
  data: {
    visible: false,
    busy: false,
    title: '',
    tone: '',
    fields: [] as readonly Field[],
    sendable: true, // not while one field waits to be chosen, which sends
    values: {} as ActionValues,
    errors: {} as Record<string, string>,
    problem: '',
  },
  instanceFields: { key: '', current: null as ActionRequest | null },
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
    start({ ticket, action }: ActionRequest) {
      const form = formOf(action)
      this.key = newKey()
      this.setData({
        busy: false,
        title: labelOf('action', action),
        tone: form.tone ?? 'main',
        fields: form.fields,
        sendable: !form.atOnce,
        values: {},
        errors: {},
        problem: '',
      })
      if (form.fields.length) {
        return void this.begin(readActionDraft(ticket.id, action) ?? form.preset?.(ticket) ?? {})
      }
      if (!form.ask) return this.sendFromTap()
      void ask(labelOf('action', action), wordsOf('ask')[action as 'urge']).then((yes) =>
        yes ? this.send() : this.close(),
      )
    },
    /**
     * Open the form. Photos of the ticket are downloaded first, so that all photos are files on the phone.
     */
    async begin(values: ActionValues): Promise<void> {
      const shots = (values['photo_ids'] as Shot[] | undefined) ?? []
      const paths = await Promise.all(
        shots.map((shot) =>
          shot.thumb ? photoFile(shot.thumb).catch(() => shot.path) : Promise.resolve(shot.path),
        ),
      )
      this.setData({
        values: shots.length
          ? { ...values, photo_ids: shots.map((shot, n) => ({ ...shot, path: paths[n]! })) }
          : values,
      })
      this.show(true)
    },
    change(event: { detail: { values: ActionValues } }) {
      const { ticket, action } = this.data.request!
      this.key = newKey() // other values are another request
      const { atOnce } = formOf(action)
      const { values } = event.detail
      if (atOnce && values[atOnce] !== undefined) {
        this.setData({ values: { [atOnce]: values[atOnce] }, errors: {}, problem: '' })
        return this.sendFromTap()
      }
      this.setData({ values, sendable: true, errors: {}, problem: '' })
      saveActionDraft(ticket.id, action, values)
    },
    submit() {
      const missing = this.data.fields.filter(
        (field) => field.required && empty(this.data.values[field.name]),
      )
      if (!missing.length) return this.sendFromTap()
      this.setData({
        errors: Object.fromEntries(missing.map((field) => [field.name, wordsOf('common').required])),
      })
    },
    /** Staff are asked for messages with each of their acts: one acceptance is one message. */
    sendFromTap() {
      if (store.get().me?.posts.length) askForMessages('work')
      void this.send()
    },
    async send() {
      if (this.data.busy) return
      const { ticket, action } = this.data.request!
      this.setData({ busy: true })
      try {
        const fresh = await performAction(ticket, action, this.data.values, this.key)
        removeActionDraft(ticket.id, action)
        this.show(false)
        announce(action, fresh)
        this.triggerEvent('done', { ticket: fresh, action })
      } catch (error) {
        this.refused(problemOf(error))
      }
      this.setData({ busy: false })
    },
    refused(problem: Problem) {
      if (problem.status === 409) {
        this.show(false)
        return this.triggerEvent('stale', {
          sentence: [messageOf(problem), this.rescue()].filter(Boolean).join('。'),
        })
      }
      const errors = Object.fromEntries(
        problem.fieldErrors.map((each) => [fieldOf(each.pointer), each.detail]),
      )
      const { atOnce } = formOf(this.data.request!.action)
      if (atOnce) this.setData({ values: { ...this.data.values, [atOnce]: undefined } }) // to be chosen again
      this.setData({
        errors,
        problem: Object.keys(errors).length ? wordsOf('problem').invalid : messageOf(problem),
      })
      if (!this.data.visible) {
        tell(this.data.title, messageOf(problem))
        this.close()
      }
    },
    /** Keep the text of an action that came too late as the draft of a comment. */
    rescue(): string {
      if (store.get().me?.posts.length) return '' // the page of staff shows the text itself
      const { ticket } = this.data.request!
      const text = ['text', 'description', 'reason', 'note']
        .map((name) => this.data.values[name])
        .find((value) => typeof value === 'string' && value.trim())
      if (!text || readActionDraft(ticket.id, 'comment')) return ''
      saveActionDraft(ticket.id, 'comment', { text })
      return wordsOf('ticket').rescued
    },
    show(visible: boolean) {
      this.setData({ visible })
      store.set({ sheetOpen: visible }) // hides the tab bar
    },
    close() {
      this.show(false)
      this.triggerEvent('closed')
    },
  },
})

const empty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && !value.trim()) ||
  (Array.isArray(value) && !value.length)
