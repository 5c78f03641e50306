// The funnel (共治漏斗): what took place, what was said, what became of it, what of that is done. Each number opens its rows.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { addDays, today } from '@mini/domain/dates'
import { fill } from '@mini/i18n/index'
import type { components } from '@mini/services/api'
import { data, GET } from '../api'
import { useAddress } from '../kit/address'
import { type FilterSpec, Filters } from '../kit/Filters'
import { Loaded } from '../kit/Message'
import { Screen } from '../kit/Screen'
import { words } from '../words'

type Row = components['schemas']['FunnelRowOut']

const QUARTER = 90 // days
const FILTERS: readonly FilterSpec[] = [
  { name: 'place_id', kind: 'place', words: () => words().office.where },
  { name: 'from', kind: 'day', words: () => words().office.from },
  { name: 'to', kind: 'day', words: () => words().office.until },
]
/** The rows of each stage, by their keys; the last names are shown as a share of all opinions. */
const STAGES = {
  activity: ['activities', 'households', 'people'],
  opinion: ['opinions', 'open', 'answered', 'noted', 'withdrawn'],
  became: ['ticket', 'topic', 'project'],
  outcome: ['pending', 'solved'],
} as const

export function Funnel() {
  const address = useAddress('funnel')
  const query = { from: addDays(today(), -QUARTER), to: today(), ...address.filters }
  const funnel = useQuery({
    queryKey: ['funnel', query],
    queryFn: () => data(GET('/api/v1/funnel', { params: { query } })),
  })
  const text = words().funnel
  return (
    <Screen title={words().screens.funnel} lead={text.lead}>
      <Filters specs={FILTERS} address={address} />
      <Loaded query={funnel}>
        {({ place, from, to, rows }) => {
          const all = new Map(rows.map((row) => [row.key, row]))
          const said = all.get('opinions')?.n ?? 0
          return (
            <>
              <p className="muted small">
                {place.label} · {from} – {to}
              </p>
              {!rows.some(({ n }) => n) && <p className="note">{text.empty}</p>}
              <ol className="funnel">
                {Object.entries(STAGES).map(([stage, keys]) => (
                  <li key={stage} className="card">
                    <h2>{text[stage as keyof typeof STAGES]}</h2>
                    <dl>
                      {keys
                        .flatMap((key) => all.get(key) ?? [])
                        .map((row) => (
                          <Stage key={row.key} row={row} of={stage === 'activity' ? 0 : said} />
                        ))}
                    </dl>
                  </li>
                ))}
              </ol>
            </>
          )
        }}
      </Loaded>
    </Screen>
  )
}

function Stage({ row, of }: { row: Row; of: number }) {
  const share = of && row.key !== 'opinions' ? Math.round((100 * row.n) / of) : null
  return (
    <div>
      <dt>{row.label}</dt>
      <dd>
        <Link href={row.link} aria-label={fill(words().funnel.open, { label: row.label, n: row.n })}>
          {row.n}
        </Link>
        {share !== null && (
          <>
            <span className="bar" aria-hidden="true" style={{ inlineSize: `${share / 2}%` }} />
            <span className="muted small">{share} %</span>
          </>
        )}
      </dd>
    </div>
  )
}
