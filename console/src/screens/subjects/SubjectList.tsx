// The list of a kind of subject, its form and its drawer, made of the kind's descriptor.
import { Link, useSearch } from 'wouter'
import { rolesOf } from '@mini/domain/roles'
import { creatableBy } from '../../app'
import { readAddress } from '../../kit/address'
import { ExportButtons } from '../../kit/ExportButtons'
import type { FilterSpec } from '../../kit/Filters'
import type { AddressProps, DetailProps, ListSpec } from '../../kit/listSpec'
import { useMe } from '../../session'
import { getSubjectsFile, listSubjects, type Subject } from '../../subjects'
import { words } from '../../words'
import { NewSubject } from './NewSubject'
import { choicesOf, screenOf, type SubjectSpec } from './spec'
import { SubjectDrawer } from './SubjectDrawer'

/** The list that ListScreen takes. */
export function listOf<S extends Subject>(spec: SubjectSpec<S>): ListSpec<S> {
  const { path, states, sorts, texts, only } = spec
  const screen = screenOf(spec)
  return {
    name: screen,
    title: () => words().screens[screen],
    lead: () => texts().lead,
    filters: [
      { name: 'place_id', kind: 'place', words: () => words().subjects.where },
      {
        name: 'status',
        kind: 'several',
        words: () => words().subjects.state,
        choices: () => choicesOf(states()),
      },
      ...(sorts
        ? [
            {
              name: 'kind',
              kind: 'several',
              words: () => words().subjects.kind,
              choices: () => choicesOf(sorts()),
            } satisfies FilterSpec,
          ]
        : []),
      ...(spec.filters ?? []),
      { name: 'mine', kind: 'switch', words: () => words().subjects.mine },
    ],
    columns: spec.columns,
    load: (filters, cursor) => listSubjects<S>(path, { ...filters, ...only }, cursor),
    id: ({ id }) => id,
    label: spec.label,
    empty: () => ({ title: texts().empty, text: texts().emptyText }),
    tone: ({ overdue }) => (overdue ? 'danger' : ''),
    live: true,
    Above: Related,
    Actions: () => (
      <>
        <File spec={spec} />
        <Add spec={spec} />
      </>
    ),
    Detail: (props: DetailProps<S>) =>
      props.id === 'new' ? (
        <NewSubject spec={spec} onClose={props.onClose} />
      ) : (
        <SubjectDrawer spec={spec} {...props} />
      ),
  }
}

const IN_NO_FILE: ReadonlySet<string> = new Set(['disputes', 'relationships']) // they have sides

/** The list as it is filtered, as a file. */
function File<S extends Subject>({ spec: { path, only } }: { spec: SubjectSpec<S> }) {
  const filters = readAddress(useSearch())
  if (IN_NO_FILE.has(path)) return null
  return (
    <ExportButtons name={path} load={(format) => getSubjectsFile(path, { ...filters, ...only }, format)} />
  )
}

function Add<S extends Subject>({ spec }: { spec: SubjectSpec<S> }) {
  const search = useSearch()
  if (!creatableBy(rolesOf(useMe())).includes(screenOf(spec))) return null
  return (
    <Link className="btn main" href={`/${screenOf(spec)}/new${search ? `?${search}` : ''}`}>
      {spec.texts().add}
    </Link>
  )
}

const COUNTED = ['created_from', 'created_to', 'solved'] // what a link of the funnel brings

/** The list is that of one activity, topic or project, or what a number counts: said, and the way to all. */
function Related({ filters, change }: AddressProps) {
  const isCounted = COUNTED.some((name) => filters[name])
  if (!isCounted && !filters['source_id'] && !filters['outcome_id']) return null
  const none = Object.fromEntries(
    [...COUNTED, 'source_id', 'outcome_id', 'place_id'].map((name) => [name, '']),
  )
  return (
    <p className="note" role="status">
      {isCounted ? words().subjects.counted : words().subjects.only}{' '}
      <button type="button" className="btn text small" onClick={() => change(none)}>
        {words().subjects.all}
      </button>
    </p>
  )
}
