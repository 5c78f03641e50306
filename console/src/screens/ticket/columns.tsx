// The columns of a list of tickets.
import { eventLine } from '@mini/domain/eventLine'
import { formatTime } from '@mini/domain/time'
import { isDanger, marksOf, workbenchStep } from '@mini/domain/workbench'
import { wordsOf } from '@mini/i18n/index'
import type { Ticket } from '@mini/services/shapes'
import type { Column } from '../../kit/columns'
import { Icon } from '../../kit/Icon'
import { words } from '../../words'
import { Due } from './Due'

const named = (name: keyof ReturnType<typeof words>['columns']) => () => words().columns[name]

function Turn({ ticket }: { ticket: Ticket }) {
  const { turn, yours } = workbenchStep(ticket)
  return yours ? <strong className="accent">{turn}</strong> : <>{turn}</>
}

export const TICKET_COLUMNS: readonly Column<Ticket>[] = [
  {
    name: 'category',
    words: named('what'),
    usual: true,
    cell: (ticket) => (
      <>
        <Icon name={ticket.category.code} />
        {isDanger(ticket) && <span className="danger-mark">{wordsOf('workbench').danger}</span>}
        {ticket.category.name}
      </>
    ),
  },
  { name: 'place', words: named('where'), usual: true, cell: (ticket) => ticket.place?.label ?? '' },
  {
    name: 'description',
    words: named('text'),
    usual: true,
    spare: true,
    wide: true,
    cell: ({ description, place_note }) => (
      <span className="clamp">{[place_note, description].filter(Boolean).join(' · ')}</span>
    ),
  },
  { name: 'turn', words: named('turn'), usual: true, cell: (ticket) => <Turn ticket={ticket} /> },
  { name: 'due', words: named('due'), usual: true, cell: (ticket) => <Due ticket={ticket} /> },
  { name: 'status', words: named('status'), cell: ({ status_name }) => status_name },
  { name: 'holder', words: named('holder'), cell: ({ holder }) => holder?.label ?? '' },
  {
    name: 'organisation',
    words: named('organisation'),
    cell: ({ organisation }) => organisation?.name ?? '',
  },
  {
    name: 'marks',
    words: named('marks'),
    cell: (ticket) =>
      marksOf(ticket).map(({ words: text, tone }) => (
        <span key={text} className={`tag ${tone}`}>
          {text}
        </span>
      )),
  },
  {
    name: 'updated',
    words: named('updated'),
    cell: ({ latest, updated_at }) =>
      latest ? `${eventLine(latest).what} · ${formatTime(latest.at)}` : formatTime(updated_at),
  },
  {
    name: 'created_at',
    words: named('created'),
    usual: true,
    spare: true,
    cell: ({ created_at }) => formatTime(created_at),
  },
  {
    name: 'no',
    words: named('no'),
    usual: true,
    spare: true,
    cell: ({ no }) => <span className="ltr">{no}</span>,
  },
]
