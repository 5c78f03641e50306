// The households that somebody looks after, by when they are due: the longest overdue first.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { formatTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import type { Door } from '@mini/services/shapes'
import { listAll } from '@mini/services/pages'
import { useAddress } from '../../kit/address'
import type { Column } from '../../kit/columns'
import { DataTable } from '../../kit/DataTable'
import { type FilterSpec, Filters } from '../../kit/Filters'
import { Empty, Loaded } from '../../kit/Message'
import { Screen } from '../../kit/Screen'
import { useMe } from '../../session'
import { words } from '../../words'
import { endOfDay } from '../subjects/parts'

const text = () => words().pairings
const FILTERS: readonly FilterSpec[] = [
  { name: 'place_id', kind: 'place', words: () => words().office.where },
  { name: 'until', kind: 'day', words: () => text().until },
]
const COLUMNS: readonly Column<Door>[] = [
  { name: 'label', words: () => text().household, wide: true, cell: ({ label }) => label },
  {
    name: 'due',
    words: () => text().next,
    cell: ({ due_at, overdue }) =>
      due_at && (
        <span className={overdue ? 'due late' : 'due'}>
          {formatTime(due_at)} {overdue && words().subjects.late}
        </span>
      ),
  },
  {
    name: 'last',
    words: () => text().last,
    cell: ({ last_at }) => (last_at ? formatTime(last_at) : text().never),
  },
]

const soonOf = ({ due_at }: Door): number => (due_at ? Date.parse(due_at) : Infinity)

export function DueDoors({ tabs }: { tabs: ReactNode }) {
  const address = useAddress('pairings')
  const own = useMe().posts.find((post) => post.place_id)?.place_id
  const { place_id = own ?? '', until } = address.filters
  const query = useQuery({
    queryKey: ['due-doors', place_id, until],
    queryFn: () =>
      listAll<Door>('/activities/due', {
        ...{ place_id, kind: 'care', paired: true },
        ...(until ? { until: endOfDay(until) } : {}),
      }),
    enabled: Boolean(place_id),
  })
  return (
    <Screen title={words().screens.pairings} lead={text().lead}>
      {tabs}
      <Filters specs={FILTERS} address={address} />
      <Loaded query={query}>
        {(doors) =>
          doors.length ? (
            <>
              <DataTable
                caption={text().tab_due}
                columns={COLUMNS}
                rows={[...doors].sort((one, other) => soonOf(one) - soonOf(other))}
                id={({ id }) => id}
                label={({ label }) => label}
                tone={({ overdue }) => (overdue ? 'danger' : '')}
              />
              <p className="more">
                <span className="muted">{fill(words().list.count, { n: doors.length })}</span>
              </p>
            </>
          ) : (
            <Empty title={text().noneDue} text={text().noneDueText} />
          )
        }
      </Loaded>
    </Screen>
  )
}
