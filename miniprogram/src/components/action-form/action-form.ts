// The fields of an action's form (domain/forms.ts). An error is shown at its field. `ticket`: what the action is on,
// of a package's forms something else.
import { messageOf } from '../../domain/errorMessage'
import { type Field, formOf, type Option } from '../../domain/forms'
import type { ActionValues } from '../../domain/types'
import { labelOf, wordsOf } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'
import { defineComponent } from '../../ui/component'
import { pickPlace } from '../../ui/placePicker'

interface FieldView {
  name: string
  kind: string
  label: string
  required: boolean
  hint: string
  hidden: boolean
  options: (Option & { key: string; on: boolean })[]
  phrases: string[]
  problem: string
  text: string
}

const UNMARKED: ReadonlySet<string> = new Set(['info', 'pick']) // say themselves whether they are optional

type Tap<D> = { currentTarget: { dataset: D }; detail: D & { value?: string } }

defineComponent({
  words: ['common'],
  props: {
    action: '',
    values: {} as ActionValues,
    errors: {} as Record<string, string>,
    ticket: null as Ticket | null,
  },
  data: { views: [] as FieldView[] },
  instanceFields: {
    loadedOptions: {} as Record<string, Option[]>,
    loadErrors: {} as Record<string, string>,
    phrases: {} as Record<string, string[]>,
    requiredByServer: {} as Record<string, boolean>,
    loadedFor: '',
  },
  observe: 'action, values, errors, ticket',
  update() {
    const { action, ticket } = this.data
    const loadedFor = `${action} ${ticket?.id}`
    if (loadedFor !== this.loadedFor) {
      this.loadedFor = loadedFor
      void this.ask(formOf(action).fields)
    }
    this.draw()
  },
  methods: {
    /** Load the options that come from the API, once for each form. */
    async ask(fields: readonly Field[]) {
      for (const field of fields) {
        if (field.requiredFor && this.data.ticket) await this.require(field)
        if (field.phrases && this.data.ticket) await this.offer(field)
        if (typeof field.options !== 'function' || !this.data.ticket) continue
        try {
          this.loadedOptions[field.name] = await field.options(this.data.ticket)
          this.prefill(field)
        } catch (error) {
          this.loadErrors[field.name] = messageOf(error)
        }
        this.draw()
      }
    },
    draw() {
      this.setData({ views: formOf(this.data.action).fields.map((field) => this.show(field)) })
    },
    async require(field: Field) {
      this.requiredByServer[field.name] = await field.requiredFor!(this.data.ticket!).catch(() => false)
      this.draw()
    },
    async offer(field: Field) {
      this.phrases[field.name] = await field.phrases!(this.data.ticket!).catch(() => [])
      this.draw()
    },
    /** Select the usual option, unless the user has chosen. */
    prefill(field: Field) {
      const usual = field.required && this.loadedOptions[field.name]!.find((option) => option.preselected)
      if (usual && this.data.values[field.name] === undefined) this.set(field.name, usual.value)
    },
    show(field: Field): FieldView {
      const value = this.data.values[field.name]
      const on = (option: Option): boolean =>
        Array.isArray(value) ? value.includes(option.value) : value === option.value
      const options = Array.isArray(field.options)
        ? field.options.map(choice)
        : (this.loadedOptions[field.name] ?? [])
      return {
        name: field.name,
        kind: field.kind,
        label: labelOf('field', field.words ?? field.name),
        required: Boolean(field.required),
        hint:
          field.required || this.requiredByServer[field.name] || UNMARKED.has(field.kind)
            ? ''
            : wordsOf('common').optional,
        hidden: (field.kind === 'choice' || field.kind === 'pick') && !field.required && !options.length, // there is nothing to choose
        options: options.map((option) => ({ ...option, key: String(option.value), on: on(option) })),
        phrases: this.phrases[field.name] ?? [],
        problem: this.data.errors[field.name] ?? this.loadErrors[field.name] ?? '',
        text: shown(value),
      }
    },
    set(name: string, value: unknown) {
      this.triggerEvent('change', { values: { ...this.data.values, [name]: value } })
    },
    type(event: Tap<{ name: string }>) {
      this.set(event.currentTarget.dataset.name, event.detail.value)
    },
    count(event: Tap<{ name: string }>) {
      const { value } = event.detail
      this.set(event.currentTarget.dataset.name, value ? Number(value) : undefined)
    },
    /** Write a phrase after what is written already. */
    phrase(event: Tap<{ name: string; words: string }>) {
      const { name, words } = event.currentTarget.dataset
      const before = (this.data.values[name] as string | undefined)?.trim() ?? ''
      if (!before.includes(words)) this.set(name, [before, words].filter(Boolean).join('；'))
    },
    choose(event: Tap<{ name: string; kind: string; n: number }>) {
      const { name, kind, n } = event.currentTarget.dataset
      const value = this.data.views.find((field) => field.name === name)!.options[n]!.value
      const before = (this.data.values[name] as unknown[] | undefined) ?? []
      this.set(
        name,
        kind === 'choice'
          ? value
          : before.includes(value)
            ? before.filter((each) => each !== value)
            : [...before, value],
      )
    },
    rate(event: { currentTarget: { dataset: { name: string } }; detail: { value: number } }) {
      this.set(event.currentTarget.dataset.name, event.detail.value)
    },
    shoot(event: { currentTarget: { dataset: { name: string } }; detail: { shots: unknown } }) {
      this.set(event.currentTarget.dataset.name, event.detail.shots)
    },
    async place(event: Tap<{ name: string }>) {
      const { name } = event.currentTarget.dataset
      const place = await pickPlace()
      if (place) this.set(name, place)
    },
  },
})

/** A value as the text of its field; a place by its name. */
function shown(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return (value as { label?: string } | undefined)?.label ?? ''
}

function choice(value: string | number | boolean): Option {
  return { value, words: labelOf('choice', String(value)) }
}
