// Accounts of points and things (账户): whose, how much, and each line with what it was for. The newest first, never ranked.
import { fill } from '@mini/i18n/index'
import { formatTime } from '@mini/domain/time'
import { type Account, listAccounts } from '../accounts'
import type { ScreenProps } from '../app'
import type { Filters } from '../kit/address'
import { ListScreen } from '../kit/ListScreen'
import type { AddressProps, ListSpec } from '../kit/listSpec'
import { Tabs } from '../kit/Tabs'
import { words } from '../words'
import { AccountDrawer } from './points/AccountDrawer'

const text = () => words().points
const CIRCLES = ['residents', 'members', 'things'] as const
type CircleName = (typeof CIRCLES)[number]

const circleOf = ({ circle }: Filters): CircleName => CIRCLES.find((each) => each === circle) ?? CIRCLES[0]
/** Whose an account is: a person's by name, a stock's by its place, a circle's own by what it stands for. */
export const ownerOf = ({ sort, name, place, sort_name, circle }: Account): string =>
  sort === 'person'
    ? (name ?? words().activities.unnamed)
    : [circle.offer, place ?? sort_name].filter(Boolean).join(' · ')

const ACCOUNTS: ListSpec<Account> = {
  name: 'points',
  title: () => words().screens.points,
  lead: () => text().lead,
  filters: [],
  tabs: Circles,
  load: (filters, cursor) => listAccounts({ circle: circleOf(filters) }, cursor),
  id: ({ id }) => id,
  label: ownerOf,
  empty: () => ({ title: text().empty, text: text().emptyText }),
  columns: [
    { name: 'owner', words: () => text().owner, usual: true, wide: true, cell: ownerOf },
    { name: 'sort', words: () => words().subjects.kind, usual: true, cell: ({ sort_name }) => sort_name },
    {
      name: 'balance',
      words: () => text().balance,
      usual: true,
      cell: ({ balance }) => <span className="ltr">{balance}</span>,
    },
    {
      name: 'lapse',
      words: () => text().lapse,
      usual: true,
      spare: true,
      cell: ({ lapsing }) => lapsing && fill(text().lapsing, { n: lapsing.amount, at: lapsing.on }),
    },
    {
      name: 'community',
      words: () => words().subjects.where,
      usual: true,
      spare: true,
      cell: ({ circle }) => circle.community,
    },
    {
      name: 'at',
      words: () => text().opened,
      cell: ({ created_at }) => formatTime(created_at),
    },
  ],
  Detail: AccountDrawer,
}

function Circles({ filters, change }: AddressProps) {
  return (
    <Tabs
      label={text().circle}
      tabs={words().circles}
      on={circleOf(filters)}
      choose={(tab) => change({ tab })}
    />
  )
}

export const Points = ({ id }: ScreenProps) => <ListScreen spec={ACCOUNTS} opened={id} />
