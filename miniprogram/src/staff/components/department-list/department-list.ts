// The departments called up to a ticket (吹哨报到) and the state of each call.
import { departmentCalls } from '../../../domain/departments'
import { formatTime } from '../../../domain/time'
import { fill, wordsOf } from '../../../i18n/index'
import type { DepartmentCall, Ticket } from '../../../services/shapes'
import { defineComponent } from '../../../ui/component'

interface Row {
  id: string
  name: string
  words: string
  icon: string
  tone: string
}

function row(each: DepartmentCall): Row {
  const words = wordsOf('workbench')
  const { name } = each.organisation
  const id = each.organisation.id ?? name
  const rowOf = (sentence: string, at: string | null | undefined, icon: string, tone: string): Row => ({
    id,
    name,
    words: fill(sentence, { at: at ? formatTime(at) : '' }),
    icon,
    tone,
  })
  if (each.released_at) return rowOf(words.calledFree, each.released_at, 'remove', 'muted')
  if (each.reported_at) return rowOf(words.calledDone, each.reported_at, 'check', 'accent')
  if (each.acknowledged_at) return rowOf(words.calledHere, each.acknowledged_at, 'place', 'accent')
  return rowOf(
    each.late ? words.calledLate : words.calledWait,
    each.due,
    each.late ? 'warn' : 'time',
    each.late ? 'bad' : 'muted',
  )
}

defineComponent({
  words: ['workbench'],
  props: { ticket: null as Ticket | null },
  data: { rows: [] as Row[] },
  observe: 'ticket',
  update() {
    this.setData({ rows: this.data.ticket ? departmentCalls(this.data.ticket).map(row) : [] })
  },
})
