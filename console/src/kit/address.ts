// The address is the filter: what a list shows is read from its address and written to it.
import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'

export type Filters = Readonly<Record<string, string>>

/** Filters that take several values: parameters of the same name in the address, as in the API's; one text here. */
const SEVERAL: ReadonlySet<string> = new Set([
  'status',
  'kind',
  'category',
  'origin',
  'outcome',
  'verdict',
  'place_id',
  'unit_id',
  'holder_id',
  'organisation_id',
])
const SEPARATOR = ','

export const takesSeveral = (name: string): boolean => SEVERAL.has(name)
export const valuesOf = (value = ''): string[] => value.split(SEPARATOR).filter(Boolean)
export const joined = (values: readonly string[]): string => values.join(SEPARATOR)

export function readAddress(search: string): Filters {
  const found = new URLSearchParams(search)
  return Object.fromEntries(
    [...new Set(found.keys())].map((name) => [
      name,
      takesSeveral(name) ? joined(found.getAll(name)) : found.get(name)!,
    ]),
  )
}

/** The query of an address, without its question mark; empty values are left out. */
export function asQuery(filters: Filters): string {
  const pairs = Object.entries(filters).flatMap(([name, value]) =>
    (takesSeveral(name) ? valuesOf(value) : [value].filter(Boolean)).map((each) => [name, each]),
  )
  return new URLSearchParams(pairs).toString()
}

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
  const filters = useMemo(() => readAddress(search), [search])
  const change = useCallback(
    (changed: Record<string, string>) => {
      const query = asQuery({ ...filters, ...changed })
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

/** The address of another row's drawer beside the list that is on the screen. */
export function useRowHref(): (id: string) => string {
  const search = useSearch()
  const [at] = useLocation()
  return (id) => `/${at.split('/')[1]}/${id}${search ? `?${search}` : ''}`
}
