// 三张清单: the needs without a fate, what is offered, the projects that go on; each opens where it is dealt with.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import { Loaded } from '../../kit/Message'
import { listSubjects, type Offer, type Opinion, type Project, type Subject } from '../../subjects'
import { words } from '../../words'

const MOST = 50
const BRIEF = 60 // characters of a need

interface Spec {
  name: 'needs' | 'offers' | 'projects'
  path: 'opinions' | 'offers' | 'projects'
  query: Record<string, string>
  add: string // the address of a new one
}

const LISTS: readonly Spec[] = [
  {
    name: 'needs',
    path: 'opinions',
    query: { kind: 'need', status: 'open' },
    add: '/opinions/new?kind=need',
  },
  { name: 'offers', path: 'offers', query: { status: 'open' }, add: '/offers/new' },
  { name: 'projects', path: 'projects', query: { status: 'planned,doing' }, add: '/projects/new' },
]

export function ThreeLists() {
  return (
    <div className="board three">
      {LISTS.map((spec) => (
        <OneList key={spec.name} spec={spec} />
      ))}
    </div>
  )
}

function OneList({ spec }: { spec: Spec }) {
  const { name, path, query, add } = spec
  const text = words().partners
  const found = useQuery({
    queryKey: [path, 'three', query],
    queryFn: () => listSubjects<Subject>(path, query, null, MOST),
  })
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => value.split(',').map((each) => [key, each])),
  )
  const items = found.data?.items ?? []
  return (
    <section aria-labelledby={`three-${name}`}>
      <h2 id={`three-${name}`}>
        <Link href={`/${path}?${search}`}>{text[name]}</Link>{' '}
        <span className="count">{items.length === MOST ? `${MOST}+` : items.length}</span>
      </h2>
      <Loaded query={found}>
        {() => (
          <ul>
            {items.map((item) => (
              <li key={item.id} className="board-row">
                <Link className="row-link" href={`/${path}/${item.id}?${search}`}>
                  {(item.title ?? item.text ?? '').slice(0, BRIEF)}
                </Link>
                <p className="muted small">{noteOf(name, item)}</p>
              </li>
            ))}
            {!items.length && <li className="muted pad">{text[`no_${name}`]}</li>}
          </ul>
        )}
      </Loaded>
      <Link className="btn plain small" href={add}>
        {words()[path].add}
      </Link>
    </section>
  )
}

function noteOf(name: Spec['name'], item: Subject): string {
  const text = words()
  if (name === 'needs') return [item.place.label, formatTime((item as Opinion).created_at)].join(' · ')
  if (name === 'projects')
    return [item.status_name, (item as Project).due_at && formatTime((item as Project).due_at!)]
      .filter(Boolean)
      .join(' · ')
  const { organisation, left, kind_name } = item as Offer
  return [
    organisation?.name ?? text.partners.ofOffice,
    kind_name,
    left !== null && fill(text.offers.leftOf, { n: left }),
  ]
    .filter(Boolean)
    .join(' · ')
}
