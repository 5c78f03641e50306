// Today's picture of an office: numbers of its areas and their parts, and the cards of what is to be done first.
import { wordsOf } from '../i18n/index'
import type { Ticket, UnitToday } from '../services/shapes'
import { getToday, listTickets } from '../services/tickets'
import { formatCount } from './inbox'
import { isDanger, pickedTab, TODAY_KINDS, type TodayKind } from './workbench'

const CARDS = 5 // of what is unassigned, and of dangers; a tap on the number shows all

export interface Figure {
  kind: TodayKind
  n: string
  words: string
  tone: '' | 'soon' | 'late'
}

export interface Row {
  id: string
  label: string
  who: string
  figures: Figure[]
}

export interface Area extends Row {
  rows: Row[] // its parts where something waits, most overdue first
}

export interface Picture {
  areas: Area[]
  items: Ticket[]
  heads: Record<number, string> // the heading above an item
}

export async function fetchToday(): Promise<Picture> {
  const first = (kind: TodayKind): Promise<Ticket[]> => {
    const { box, query } = pickedTab(kind)
    return listTickets(box, null, { ...query, order: 'due', limit: String(CARDS) }).then((page) => page.items)
  }
  const [{ areas }, unassigned, found] = await Promise.all([getToday(), first('unassigned'), first('danger')])
  const dangers = found.filter((ticket) => !unassigned.some(({ id }) => id === ticket.id) && isDanger(ticket))
  const words = wordsOf('workbench')
  const heads: Record<number, string> = dangers.length ? { [unassigned.length]: words.danger } : {}
  if (unassigned.length) heads[0] = words.unassigned
  return {
    areas: areas.map((area) => ({
      ...rowOf(area),
      figures: figuresOf(area),
      rows: [...area.parts]
        .sort((a, b) => b.overdue - a.overdue)
        .map(rowOf)
        .filter((row) => row.figures.length),
    })),
    items: [...unassigned, ...dangers],
    heads,
  }
}

const rowOf = (unit: UnitToday): Row => ({
  id: unit.id,
  label: unit.label,
  who: unit.staffed ? (unit.name ?? '') : wordsOf('workbench').nobody,
  figures: figuresOf(unit).filter(({ n }) => n !== '0'),
})

const TONES: Readonly<Record<TodayKind, Figure['tone']>> = {
  unassigned: 'soon',
  danger: 'late',
  overdue: 'late',
}

const figuresOf = (unit: UnitToday): Figure[] =>
  TODAY_KINDS.map((kind) => ({
    kind,
    n: formatCount(unit[kind]),
    words: wordsOf('workbench')[kind],
    tone: unit[kind] ? TONES[kind] : '',
  }))
