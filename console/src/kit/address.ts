// The address is the filter: what a list shows is read from its address and written to it.
import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'

export type Filters = Readonly<Record<string, string>>

export interface Address {
  filters: Filters
  /** Change some; an empty value removes one. */
  change: (changed: Record<string, string>) => void
  /** The address of a row's drawer, with the filters as they are. */
  hrefOf: (id?: string) => string
}

export function useAddress(path: string): Address {
  const search = useSearch()
  const [, navigate] = useLocation()
  const filters = useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search])
  const change = useCallback(
    (changed: Record<string, string>) => {
      const next = Object.entries({ ...filters, ...changed }).filter(([, value]) => value)
      const query = new URLSearchParams(next).toString()
      navigate(location.pathname.replace(/^\/console/, '') + (query ? `?${query}` : ''), { replace: true })
    },
    [filters, navigate],
  )
  const hrefOf = useCallback(
    (id?: string) => `/${path}${id ? `/${id}` : ''}${search ? `?${search}` : ''}`,
    [path, search],
  )
  return { filters, change, hrefOf }
}
