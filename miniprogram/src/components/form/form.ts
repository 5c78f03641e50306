// Fields of a form, drawn from a table; what is wrong is said at its field.
import type { Values } from '../../core/acting'
import type { Field, Option } from '../../core/forms'
import { part } from '../../core/part'
import { pickPlace } from '../../core/picking'
import { problemOf } from '../../core/problem'
import { called, say } from '../../i18n/index'
import type { Ticket } from '../../services/shapes'

interface Shown {
  name: string
  kind: string
  label: string
  required: boolean
  hint: string
  hidden: boolean
  options: (Option & { key: string; on: boolean })[]
  problem: string
  text: string
}

type Tap<D> = { currentTarget: { dataset: D }; detail: D & { value?: string } }

part({
  words: ['common'],
  props: { fields: [] as readonly Field[], values: {} as Values, errors: {} as Record<string, string>, ticket: null as Ticket | null },
  data: { shown: [] as Shown[] },
  own: { known: {} as Record<string, Option[]>, failed: {} as Record<string, string>, musts: {} as Record<string, boolean>, asked: null as readonly Field[] | null },
  on: 'fields, values, errors, ticket',
  draw() {
    const { fields } = this.data
    if (fields !== this.asked) void this.ask(fields)
    this.setData({ shown: fields.map((field) => this.show(field)) })
  },
  methods: {
    /** Choices that come from the API are asked for once a form. */
    async ask(fields: readonly Field[]) {
      this.asked = fields
      for (const field of fields) {
        if (field.must && this.data.ticket) await this.require(field)
        if (typeof field.options !== 'function' || !this.data.ticket) continue
        try {
          this.known[field.name] = await field.options(this.data.ticket)
          this.prefill(field)
        } catch (error) {
          this.failed[field.name] = problemOf(error).sentence
        }
        this.setData({ shown: fields.map((each) => this.show(each)) })
      }
    },
    async require(field: Field) {
      this.musts[field.name] = await field.must!(this.data.ticket!).catch(() => false)
      this.setData({ shown: this.data.fields.map((each) => this.show(each)) })
    },
    /** What is usual stands there already, unless one has chosen. */
    prefill(field: Field) {
      const usual = field.required && this.known[field.name]!.find((option) => option.usual)
      if (usual && this.data.values[field.name] === undefined) this.set(field.name, usual.value)
    },
    show(field: Field): Shown {
      const value = this.data.values[field.name]
      const on = (option: Option): boolean => (Array.isArray(value) ? value.includes(option.value) : value === option.value)
      const options = Array.isArray(field.options) ? field.options.map(choice) : (this.known[field.name] ?? [])
      return {
        name: field.name,
        kind: field.kind,
        label: called('field', field.words ?? field.name),
        required: Boolean(field.required),
        hint: field.required || this.musts[field.name] || field.kind === 'said' ? '' : say('common').optional,
        hidden: field.kind === 'choice' && !field.required && !options.length, // nothing to choose from
        options: options.map((option) => ({ ...option, key: String(option.value), on: on(option) })),
        problem: this.data.errors[field.name] ?? this.failed[field.name] ?? '',
        text: typeof value === 'string' ? value : ((value as { label?: string } | undefined)?.label ?? ''),
      }
    },
    set(name: string, value: unknown) {
      this.triggerEvent('change', { values: { ...this.data.values, [name]: value } })
    },
    type(event: Tap<{ name: string }>) {
      this.set(event.currentTarget.dataset.name, event.detail.value)
    },
    choose(event: Tap<{ name: string; kind: string; n: number }>) {
      const { name, kind, n } = event.currentTarget.dataset
      const value = this.data.shown.find((field) => field.name === name)!.options[n]!.value
      const before = (this.data.values[name] as unknown[] | undefined) ?? []
      this.set(name, kind === 'choice' ? value : before.includes(value) ? before.filter((each) => each !== value) : [...before, value])
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

function choice(value: string | number | boolean): Option {
  return { value, words: called('choice', String(value)) }
}
