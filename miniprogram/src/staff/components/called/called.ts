// Departments called up (吹哨报到): who is awaited, who is there, who has reported, who was released.
import { calledOf } from '../../../core/called'
import { part } from '../../../core/part'
import { spoken } from '../../../core/time'
import { fill, say } from '../../../i18n/index'
import type { Called, Ticket } from '../../../services/shapes'

interface Row {
  id: string
  name: string
  words: string
  icon: string
  tone: string
}

function row(each: Called): Row {
  const words = say('desk')
  const { name } = each.organisation
  const id = each.organisation.id ?? name
  const said = (sentence: string, at: string | null | undefined, icon: string, tone: string): Row => ({ id, name, words: fill(sentence, { at: at ? spoken(at) : '' }), icon, tone })
  if (each.released_at) return said(words.calledFree, each.released_at, 'remove', 'muted')
  if (each.reported_at) return said(words.calledDone, each.reported_at, 'check', 'accent')
  if (each.acknowledged_at) return said(words.calledHere, each.acknowledged_at, 'place', 'accent')
  return said(each.late ? words.calledLate : words.calledWait, each.due, each.late ? 'warn' : 'time', each.late ? 'bad' : 'muted')
}

part({
  words: ['desk'],
  props: { ticket: null as Ticket | null },
  data: { rows: [] as Row[] },
  on: 'ticket',
  draw() {
    this.setData({ rows: this.data.ticket ? calledOf(this.data.ticket).map(row) : [] })
  },
})
