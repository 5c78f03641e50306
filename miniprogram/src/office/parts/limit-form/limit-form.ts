// One category's three limits, each a number and a unit. Tells `change` {figures} in minutes; 0 for what is no number.
import { part } from '../../../core/part'
import { say } from '../../../i18n/index'
import { minutesOf, split, UNITS, type Clock, type Unit } from '../../spans'

export interface Figures {
  accept_minutes: number
  acknowledge_minutes: number
  resolve_minutes: number
}

type Name = keyof Figures
const NAMES: readonly (readonly [Name, 'accept' | 'acknowledge' | 'resolve'])[] = [['accept_minutes', 'accept'], ['acknowledge_minutes', 'acknowledge'], ['resolve_minutes', 'resolve']]

interface Row {
  name: Name
  words: string
  clock: Clock
  clockWords: string
  n: string
  unit: Unit
  units: { unit: Unit; words: string }[]
}

interface Limits extends Figures {
  clock_accept: string
  clock_acknowledge: string
  clock_resolve: string
}

part({
  words: ['settings'],
  props: { limits: null as Limits | null, workday: 420 },
  data: { rows: [] as Row[] },
  own: { started: null as Limits | null },
  on: 'limits, workday',
  draw() {
    const { limits, workday } = this.data
    if (limits && limits !== this.started) this.setData({ rows: NAMES.map(([name, said]) => row(limits, name, said, workday)) })
    this.started = limits
  },
  methods: {
    type(event: { currentTarget: { dataset: { n: number } }; detail: { value: string } }) {
      this.change(event.currentTarget.dataset.n, { n: event.detail.value })
    },
    unit(event: { currentTarget: { dataset: { n: number; unit: Unit } } }) {
      this.change(event.currentTarget.dataset.n, { unit: event.currentTarget.dataset.unit })
    },
    change(at: number, values: Partial<Row>) {
      const rows = this.data.rows.map((each, n) => (n === at ? { ...each, ...values } : each))
      this.setData({ rows })
      this.triggerEvent('change', { figures: Object.fromEntries(rows.map((each) => [each.name, minutes(each, this.data.workday)])) })
    },
  },
})

function minutes({ n, unit, clock }: Row, workday: number): number {
  return /^\d+$/.test(n.trim()) ? Number(n) * minutesOf(unit, clock, workday) : 0
}

function row(limits: Limits, name: Name, said: 'accept' | 'acknowledge' | 'resolve', workday: number): Row {
  const clock = limits[`clock_${said}`] as Clock
  const { n, unit } = split(limits[name], clock, workday)
  const words = say('settings')
  return { name, words: words[said], clock, clockWords: clock === 'working' ? words.working : words.around, n: String(n), unit, units: UNITS.map((each) => ({ unit: each, words: each === 'day' && clock === 'working' ? words.workday : words[each] })) }
}
