// Jumping in time: from today, from this week's Monday, or a list that begins at a day and goes back from there.
import { words } from '../words'
import type { Address } from './address'
import type { FilterSpec } from './Filters'

const SINCE = ['today', 'week'] as const // days as the API reads them, whenever the address is opened
const JUMP = 'day'

export function TimeFilter({ spec, address }: { spec: FilterSpec; address: Address }) {
  const since = address.filters[spec.name]
  const day = address.filters[JUMP] ?? ''
  return (
    <div className="filter" role="group" aria-label={spec.words()}>
      <span aria-hidden="true">{spec.words()}</span>
      <div className="row">
        {SINCE.map((each) => (
          <button
            key={each}
            type="button"
            className="btn plain small"
            aria-pressed={since === each}
            onClick={() => address.change({ [spec.name]: since === each ? '' : each, [JUMP]: '' })}
          >
            {words().list[each]}
          </button>
        ))}
        <label className="row">
          <span className="muted small">{words().list.jump}</span>
          <input
            type="date"
            className="field"
            value={day}
            onChange={(event) => address.change({ [JUMP]: event.target.value, [spec.name]: '' })}
          />
        </label>
      </div>
    </div>
  )
}
