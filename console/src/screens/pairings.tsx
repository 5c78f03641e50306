// Pairings (结对帮扶): who looks after which household, when somebody is to look in next, and the doors without anybody.
import { lazy, Suspense } from 'react'
import { Link } from 'wouter'
import { rolesOf } from '@mini/domain/roles'
import { creatableBy, type ScreenProps } from '../app'
import { useAddress } from '../kit/address'
import { ListScreen } from '../kit/ListScreen'
import type { AddressProps, DetailProps, ListSpec } from '../kit/listSpec'
import { Loading } from '../kit/Message'
import { Tabs } from '../kit/Tabs'
import type { Relationship } from '../subjects'
import { words } from '../words'
import { PAIRINGS } from './pairings/spec'
import { listOf } from './subjects/SubjectList'

const DueDoors = lazy(() => import('./pairings/DueDoors').then((all) => ({ default: all.DueDoors })))
const CallAll = lazy(() => import('./pairings/CallAll').then((all) => ({ default: all.CallAll })))

const text = () => words().pairings
const USUAL = listOf(PAIRINGS)
/** Who answers for households, not only for those they visit themselves. */
const isHead = (): boolean => creatableBy(rolesOf()).includes('pairings')
const LIST: ListSpec<Relationship> = {
  ...USUAL,
  tabs: Sheets,
  Actions: () => {
    if (!isHead()) return null
    return (
      <>
        <Link className="btn plain" href="/pairings?status=vacant">
          {text().gaps}
        </Link>
        <Link className="btn plain" href="/pairings/calls">
          {text().callAll}
        </Link>
        {USUAL.Actions && <USUAL.Actions />}
      </>
    )
  },
  Detail: (props: DetailProps<Relationship>) =>
    props.id === 'calls' ? <CallAll onClose={props.onClose} /> : USUAL.Detail && <USUAL.Detail {...props} />,
}

/** Those to visit, the longest overdue first: on the eve of a festival, the doors that are left. */
export function Pairings({ id }: ScreenProps) {
  const { filters, change } = useAddress('pairings')
  if (id || filters['tab'] !== 'due') return <ListScreen spec={LIST} opened={id} />
  return (
    <Suspense fallback={<Loading />}>
      <DueDoors tabs={<Sheets filters={filters} change={change} />} />
    </Suspense>
  )
}

function Sheets({ filters, change }: AddressProps) {
  if (!isHead()) return null
  return (
    <Tabs
      label={words().screens.pairings}
      tabs={{ all: text().tab_all, due: text().tab_due }}
      on={filters['tab'] === 'due' ? 'due' : 'all'}
      choose={(tab) => change({ tab: tab === 'all' ? '' : tab })}
    />
  )
}
