// Which rows of a list are selected. Other filters begin with none.
import { useCallback, useEffect, useState } from 'react'
import type { Filters } from './address'

export interface Selected {
  ids: ReadonlySet<string>
  toggle: (id: string) => void
  /** A set is kept as it is, so that whoever gave it knows it again. */
  select: (ids: readonly string[] | ReadonlySet<string>) => void
}

export function useSelection(filters: Filters): Selected {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => setIds((before) => (before.size ? new Set() : before)), [filters])
  const toggle = useCallback((id: string) => setIds((before) => toggled(before, id)), [])
  const select = useCallback<Selected['select']>(
    (some) => setIds(some instanceof Set ? (some as ReadonlySet<string>) : new Set(some)),
    [],
  )
  return { ids, toggle, select }
}

function toggled(before: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(before)
  if (!next.delete(id)) next.add(id)
  return next
}
