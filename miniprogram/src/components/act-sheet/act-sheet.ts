// One act on a ticket, wherever it was tapped: at once, after a question, or with its form. What was typed outlives every failure.
// Give it `wanted` = {ticket, action}; it tells `done` {ticket}, `stale` {sentence} when somebody was faster, `closed`.
import { perform, type Values } from '../../core/acting'
import { drop, keep, recall } from '../../core/box'
import { formOf, type Field } from '../../core/forms'
import { newKey } from '../../core/key'
import type { Shot } from '../../core/outbox'
import { part } from '../../core/part'
import { picture } from '../../core/pictures'
import { store } from '../../core/store'
import { fieldOf, problemOf, type Problem } from '../../core/problem'
import { called, say } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'

export interface Wanted {
  ticket: Ticket
  action: string
}

part({
  words: ['common'],
  props: { wanted: null as Wanted | null },
  data: { visible: false, busy: false, title: '', tone: '', fields: [] as readonly Field[], values: {} as Values, errors: {} as Record<string, string>, problem: '' },
  own: { key: '', started: null as Wanted | null },
  on: 'wanted',
  draw() {
    const { wanted } = this.data
    if (Boolean(wanted) !== store.get().acting) store.set({ acting: Boolean(wanted) })
    if (wanted && wanted !== this.started) this.start(wanted)
    this.started = wanted
  },
  gone() {
    if (this.data.wanted) store.set({ acting: false, covered: false }) // left with it open
  },
  methods: {
    start({ ticket, action }: Wanted) {
      const form = formOf(action)
      this.key = newKey()
      this.setData({ busy: false, title: called('action', action), tone: form.tone ?? 'main', fields: form.fields, values: {}, errors: {}, problem: '' })
      if (form.fields.length) {
        return void this.begin(recall<Values>(draftOf(ticket, action)) ?? first(action, ticket))
      }
      if (!form.ask) return void this.send()
      const content = say('ask')[action as 'urge']
      wx.showModal({ title: called('action', action), content, confirmText: say('common').ok, cancelText: say('common').cancel, success: ({ confirm }) => (confirm ? void this.send() : this.close()) })
    },
    /** Photos the ticket has already are shown from the phone, as all photos are. */
    async begin(values: Values): Promise<void> {
      const shots = (values['photo_ids'] as Shot[] | undefined) ?? []
      const paths = await Promise.all(shots.map((shot) => (shot.thumb ? picture(shot.thumb).catch(() => shot.path) : shot.path)))
      this.setData({ values: shots.length ? { ...values, photo_ids: shots.map((shot, n) => ({ ...shot, path: paths[n]! })) } : values })
      this.show(true)
    },
    change(event: { detail: { values: Values } }) {
      const { ticket, action } = this.data.wanted!
      this.key = newKey() // other words are another act
      this.setData({ values: event.detail.values, errors: {}, problem: '' })
      keep(draftOf(ticket, action), event.detail.values)
    },
    submit() {
      const missing = this.data.fields.filter((field) => field.required && empty(this.data.values[field.name]))
      if (!missing.length) return void this.send()
      this.setData({ errors: Object.fromEntries(missing.map((field) => [field.name, say('common').required])) })
    },
    async send() {
      if (this.data.busy) return
      const { ticket, action } = this.data.wanted!
      this.setData({ busy: true })
      try {
        const fresh = await perform(ticket, action, this.data.values, this.key)
        drop(draftOf(ticket, action))
        wx.showToast({ title: action === 'urge' ? say('ticket').urge1 : say('ticket').done, icon: action === 'urge' ? 'none' : 'success' })
        this.show(false)
        this.triggerEvent('done', { ticket: fresh, action })
      } catch (error) {
        this.refused(problemOf(error))
      }
      this.setData({ busy: false })
    },
    refused(problem: Problem) {
      if (problem.status === 409) {
        this.show(false)
        return this.triggerEvent('stale', { sentence: [problem.sentence, this.rescue()].filter(Boolean).join('。') })
      }
      const errors = Object.fromEntries(problem.fields.map((each) => [fieldOf(each.pointer), each.detail]))
      this.setData({ errors, problem: Object.keys(errors).length ? say('problem').invalid : problem.sentence })
      if (!this.data.visible) {
        wx.showModal({ title: this.data.title, content: problem.sentence, showCancel: false, confirmText: say('common').ok })
        this.close()
      }
    },
    /** Words typed for an act that came too late stay as the beginning of a comment. */
    rescue(): string {
      if (store.get().me?.posts.length) return '' // the desk shows them where the act was, and offers a note among staff
      const { ticket } = this.data.wanted!
      const typed = ['text', 'description', 'reason', 'note'].map((name) => this.data.values[name]).find((value) => typeof value === 'string' && value.trim())
      if (!typed || recall(draftOf(ticket, 'comment'))) return ''
      keep(draftOf(ticket, 'comment'), { text: typed })
      return say('ticket').rescued
    },
    show(visible: boolean) {
      this.setData({ visible })
      store.set({ covered: visible }) // the tabs make room
    },
    close() {
      this.show(false)
      this.triggerEvent('closed')
    },
  },
})

const draftOf = (ticket: Ticket, action: string): string => `act:${ticket.id}:${action}`
const empty = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && !value.trim()) || (Array.isArray(value) && !value.length)

function first(action: string, ticket: Ticket): Values {
  if (action === 'verify') return { outcome: ticket.claim?.['outcome'] } // what was claimed, unless it turns out otherwise
  if (action !== 'edit') return {}
  return { description: ticket.description ?? '', photo_ids: ticket.photos.map((photo) => ({ path: photo.id, id: photo.id, thumb: photo.thumb_url })) }
}
