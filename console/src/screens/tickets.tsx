// Lists of tickets: one's own work by boxes, all tickets, those to which departments were called up.
import { useQuery } from '@tanstack/react-query'
import { formatCount } from '@mini/domain/inbox'
import { wordsOf } from '@mini/i18n/index'
import type { Ticket } from '@mini/services/shapes'
import { getCounts } from '@mini/services/tickets'
import type { ScreenProps } from '../app'
import type { Filters } from '../kit/address'
import { ListScreen } from '../kit/ListScreen'
import type { AddressProps, ListSpec } from '../kit/listSpec'
import { words } from '../words'
import { AllActions } from './ticket/AllActions'
import { TIME_FILTERS } from './ticket/filters'
import { FromFigure } from './ticket/FromFigure'
import { type BoxSpec, freezeBox, loadBox, TICKET_LIST } from './ticket/list'

type TabName = 'inbox' | 'unassigned' | 'today' | 'overdue' | 'mine'

const TABS: Readonly<Record<TabName, BoxSpec>> = {
  inbox: { box: 'inbox' },
  unassigned: { box: 'unassigned' },
  today: { box: 'inbox', query: { due_to: 'today' } },
  overdue: { box: 'area', query: { overdue: 'true' } },
  mine: { box: 'mine' },
}
const NAMES = Object.keys(TABS) as TabName[]
const tabOf = (filters: Filters): TabName => (filters['tab'] as TabName | undefined) ?? 'inbox'
const boxOf = (filters: Filters): BoxSpec => TABS[tabOf(filters)] ?? TABS.inbox
const EVERYWHERE: BoxSpec = { box: 'all' }

const WORK: ListSpec<Ticket> = {
  ...TICKET_LIST,
  name: 'work',
  title: () => words().screens.work,
  load: (filters, cursor) => loadBox(boxOf(filters), filters, cursor),
  freeze: (filters) => freezeBox(boxOf(filters), filters),
  empty: () => ({ title: wordsOf('workbench').empty, text: wordsOf('workbench').emptyText }),
  tabs: Tabs,
}

const ALL: ListSpec<Ticket> = {
  ...TICKET_LIST,
  Actions: AllActions,
  name: 'tickets',
  title: () => words().screens.tickets,
  filters: [...TICKET_LIST.filters, ...TIME_FILTERS],
  Above: FromFigure,
  load: (filters, cursor) => loadBox(EVERYWHERE, filters, cursor),
  freeze: (filters) => freezeBox(EVERYWHERE, filters),
  empty: () => ({ title: wordsOf('workbench').searchNone, text: wordsOf('workbench').searchNoneText }),
}

const CALLED: ListSpec<Ticket> = {
  ...TICKET_LIST,
  name: 'called',
  title: () => words().screens.called,
  load: (filters, cursor) =>
    loadBox({ box: 'all', matches: ({ called }) => Boolean(called?.length) }, filters, cursor),
  empty: () => ({ title: wordsOf('workbench').searchNone }),
}

export const Work = ({ id }: ScreenProps) => <ListScreen spec={WORK} opened={id} />
export const Tickets = ({ id }: ScreenProps) => <ListScreen spec={ALL} opened={id} />
export const Called = ({ id }: ScreenProps) => <ListScreen spec={CALLED} opened={id} />

function Tabs({ filters, change }: AddressProps) {
  const { data } = useQuery({ queryKey: ['counts'], queryFn: getCounts, refetchInterval: 60_000 })
  const counts: Partial<Record<TabName, number>> = data
    ? { inbox: data.inbox.open, unassigned: data.unassigned.open }
    : {}
  return (
    <div className="tabs" role="group" aria-label={words().screens.work}>
      {NAMES.map((name) => (
        <button
          key={name}
          type="button"
          className={tabOf(filters) === name ? 'tab on' : 'tab'}
          aria-pressed={tabOf(filters) === name}
          onClick={() => change({ tab: name === 'inbox' ? '' : name })}
        >
          {words().tabs[name]}
          {Boolean(counts[name]) && <span className="count">{formatCount(counts[name]!)}</span>}
        </button>
      ))}
    </div>
  )
}
