// Disputes (调解): for who heads the studio and its mediators, sealed for everybody else; offices see counts only.
import { lazy, Suspense } from 'react'
import { rolesOf } from '@mini/domain/roles'
import { DISPUTE_COUNTERS, type ScreenProps } from '../app'
import { type Filters, useAddress } from '../kit/address'
import { ListScreen } from '../kit/ListScreen'
import type { AddressProps, ListSpec } from '../kit/listSpec'
import { Loading } from '../kit/Message'
import { Tabs } from '../kit/Tabs'
import { useMe } from '../session'
import type { Dispute } from '../subjects'
import { words } from '../words'
import { DISPUTES } from './disputes/spec'
import { listOf } from './subjects/SubjectList'

const Counts = lazy(() => import('./disputes/Counts').then((all) => ({ default: all.Counts })))

const text = () => words().disputes
const LIST: ListSpec<Dispute> = { ...listOf(DISPUTES), tabs: Sheets }

/** Offices and auditors begin with the counts: of a dispute itself they see nothing, unless they mediate it. */
const isCounted = (filters: Filters, roles: readonly string[]): boolean =>
  filters['tab']
    ? filters['tab'] === 'counts'
    : roles.some((role) => DISPUTE_COUNTERS.includes(role as never))

export function Disputes({ id }: ScreenProps) {
  const { filters, change } = useAddress('disputes')
  const roles = rolesOf(useMe())
  if (id || !isCounted(filters, roles)) return <ListScreen spec={LIST} opened={id} />
  return (
    <Suspense fallback={<Loading />}>
      <Counts tabs={<Sheets filters={filters} change={change} />} />
    </Suspense>
  )
}

function Sheets({ filters, change }: AddressProps) {
  const roles = rolesOf(useMe())
  if (!roles.some((role) => DISPUTE_COUNTERS.includes(role))) return null
  return (
    <Tabs
      label={words().screens.disputes}
      tabs={{ counts: text().tab_counts, own: text().tab_own }}
      on={isCounted(filters, roles) ? 'counts' : 'own'}
      choose={(tab) => change({ tab })}
    />
  )
}
