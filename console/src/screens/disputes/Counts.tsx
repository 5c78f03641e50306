// How many disputes there were, by kind and what became of them: all that an office learns of them.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { addDays, today } from '@mini/domain/dates'
import { fill } from '@mini/i18n/index'
import { data, GET } from '../../api'
import { useAddress } from '../../kit/address'
import { type FilterSpec, Filters } from '../../kit/Filters'
import { Empty, Loaded } from '../../kit/Message'
import { Screen } from '../../kit/Screen'
import { words } from '../../words'

const QUARTER = 90 // days
const FILTERS: readonly FilterSpec[] = [
  { name: 'place_id', kind: 'place', words: () => words().office.where },
  { name: 'from', kind: 'day', words: () => words().office.from },
  { name: 'to', kind: 'day', words: () => words().office.until },
]

export function Counts({ tabs }: { tabs: ReactNode }) {
  const address = useAddress('disputes')
  const { tab, ...asked } = address.filters
  void tab
  const query = { from: addDays(today(), -QUARTER), to: today(), ...asked }
  const counts = useQuery({
    queryKey: ['dispute-counts', query],
    queryFn: () => data(GET('/api/v1/disputes/counts', { params: { query } })),
  })
  const text = words().disputes
  const kinds = Object.entries(words().disputeKinds)
  return (
    <Screen title={words().screens.disputes} lead={text.countLead}>
      {tabs}
      <Filters specs={FILTERS} address={address} />
      <Loaded query={counts}>
        {({ rows, total, from, to }) => {
          const states = Object.entries(words().disputeStates).filter(([state]) =>
            rows.some(({ status }) => status === state),
          )
          const n = (kind: string, status?: string): number =>
            rows
              .filter((row) => row.kind === kind && (!status || row.status === status))
              .reduce((sum, row) => sum + row.n, 0)
          if (!total) return <Empty title={text.noneCounted} text={text.noneCountedText} />
          return (
            <>
              <p className="muted small">
                <span className="ltr">
                  {from} – {to}
                </span>{' '}
                · {fill(text.total, { n: total })}
              </p>
              <div className="table-frame" tabIndex={-1}>
                <table className="table">
                  <caption className="hidden">{words().screens.disputes}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{words().subjects.kind}</th>
                      {states.map(([state, name]) => (
                        <th key={state} scope="col">
                          {name}
                        </th>
                      ))}
                      <th scope="col">{text.sum}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {kinds.map(([kind, name]) => (
                      <tr key={kind}>
                        <th scope="row">{name}</th>
                        {states.map(([state]) => (
                          <td key={state}>{n(kind, state)}</td>
                        ))}
                        <td className="strong">{n(kind)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )
        }}
      </Loaded>
    </Screen>
  )
}
