// Figures: the picture the server draws, the table beside it, each number opening the list it counts.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { addDays, today } from '@mini/domain/dates'
import { managedPlaces } from '@mini/domain/roles'
import { formatTime } from '@mini/domain/time'
import { direction } from '@mini/i18n/index'
import type { ScreenProps } from '../app'
import { useAddress } from '../kit/address'
import type { FilterSpec } from '../kit/Filters'
import { Filters } from '../kit/Filters'
import { Loaded, Problem } from '../kit/Message'
import { officesOf } from '../kit/Office'
import { save } from '../kit/save'
import { Screen } from '../kit/Screen'
import { getFigure, getFigureFile, listFigures, screenOf } from '../office'
import { words } from '../words'
import { FigureTable } from './figures/FigureTable'

const QUARTER = 90 // days
const FILTERS: readonly FilterSpec[] = [
  { name: 'place_id', kind: 'place', words: () => words().office.where },
  {
    name: 'place_id',
    kind: 'choice',
    words: () => words().office.offices,
    none: () => words().office.all,
    choices: async () =>
      (await Promise.all(managedPlaces().map((id) => officesOf(id, true))))
        .flat()
        .map(({ id, label }) => ({ value: id, words: label })),
  },
  { name: 'from', kind: 'day', words: () => words().list.from },
  { name: 'to', kind: 'day', words: () => words().list.to },
]

export function Figures({ id }: ScreenProps) {
  const address = useAddress(id ? `figures/${id}` : 'figures')
  const list = useQuery({ queryKey: ['figures'], queryFn: listFigures, staleTime: 600_000 })
  const tail = new URLSearchParams(address.filters).toString()
  return (
    <Screen title={words().screens.figures}>
      <Filters specs={FILTERS} address={address} />
      <Loaded query={list}>
        {({ items }) => {
          const name = id ?? items[0]?.name ?? ''
          return (
            <div className="columns-2 figures">
              <ul className="card plain-list">
                {items.map((each) => (
                  <li key={each.name}>
                    <Link
                      href={`/figures/${each.name}${tail ? `?${tail}` : ''}`}
                      className={each.name === name ? 'nav on' : 'nav'}
                      aria-current={each.name === name ? 'page' : undefined}
                    >
                      {each.title}
                    </Link>
                  </li>
                ))}
              </ul>
              <OneFigure key={name} name={name} filters={address.filters} />
            </div>
          )
        }}
      </Loaded>
    </Screen>
  )
}

function OneFigure({ name, filters }: { name: string; filters: Readonly<Record<string, string>> }) {
  const query = { from: addDays(today(), -QUARTER), to: today(), ...filters }
  const figure = useQuery({ queryKey: ['figure', name, query], queryFn: () => getFigure(name, query) })
  const picture = useQuery({
    queryKey: ['figure', name, query, 'svg', direction()],
    queryFn: () => getFigureFile(name, { ...query, format: 'svg', dir: direction() }),
  })
  const file = useMutation({
    mutationFn: async (format: string) =>
      save(await getFigureFile(name, { ...query, format }), `${name}.${format}`),
  })
  return (
    <Loaded query={figure}>
      {(found) => (
        <article className="card form">
          <header className="row apart wrap">
            <h2>{found.title}</h2>
            <div className="buttons no-print">
              {['csv', 'xlsx', 'svg'].map((format) => (
                <button
                  key={format}
                  type="button"
                  className="btn plain small"
                  disabled={file.isPending}
                  onClick={() => file.mutate(format)}
                >
                  {format.toUpperCase()}
                </button>
              ))}
            </div>
          </header>
          <p className="muted small">
            {found.place.label} · {found.from} – {found.to} · {formatTime(found.as_of)}
          </p>
          <p className="muted small">{found.definition}</p>
          {picture.data && <img className="figure-picture" src={picture.data} alt={found.title} />}
          <FigureTable figure={found} />
          <ul className="muted small">
            {found.excluded.map(({ reason, label, count, link }) => (
              <li key={reason}>
                {label}：<Link href={screenOf(link)}>{count}</Link>
              </li>
            ))}
          </ul>
          <Problem error={file.error} />
        </article>
      )}
    </Loaded>
  )
}
