// The three limits of a category, each a number and a unit. Event: `change` {figures} in minutes; 0 for
// invalid input.
import { wordsOf } from '../../../i18n/index'
import { defineComponent } from '../../../ui/component'
import { sameContent } from '../../../ui/sameContent'
import { type Clock, minutesOf, splitMinutes, type Unit, UNITS } from '../../durations'
import '../../words/index'

export interface Figures {
  accept_minutes: number
  acknowledge_minutes: number
  resolve_minutes: number
}

type Name = keyof Figures
const NAMES: readonly (readonly [Name, 'accept' | 'acknowledge' | 'resolve'])[] = [
  ['accept_minutes', 'accept'],
  ['acknowledge_minutes', 'acknowledge'],
  ['resolve_minutes', 'resolve'],
]

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

defineComponent({
  words: ['settings'],
  props: { limits: null as Limits | null, workday: 420 },
  data: { rows: [] as Row[] },
  instanceFields: { current: null as Limits | null },
  observe: 'limits, workday',
  update() {
    const { limits, workday } = this.data
    if (limits && !sameContent(limits, this.current))
      this.setData({ rows: NAMES.map(([name, kind]) => row(limits, name, kind, workday)) })
    this.current = limits
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
      this.triggerEvent('change', {
        figures: Object.fromEntries(rows.map((each) => [each.name, minutes(each, this.data.workday)])),
      })
    },
  },
})

function minutes({ n, unit, clock }: Row, workday: number): number {
  return /^\d+$/.test(n.trim()) ? Number(n) * minutesOf(unit, clock, workday) : 0
}

function row(limits: Limits, name: Name, kind: 'accept' | 'acknowledge' | 'resolve', workday: number): Row {
  const clock = limits[`clock_${kind}`] as Clock
  const { n, unit } = splitMinutes(limits[name], clock, workday)
  const words = wordsOf('settings')
  return {
    name,
    words: words[kind],
    clock,
    clockWords: clock === 'working' ? words.working : words.around,
    n: String(n),
    unit,
    units: UNITS.map((each) => ({
      unit: each,
      words: each === 'day' && clock === 'working' ? words.workday : words[each],
    })),
  }
}
