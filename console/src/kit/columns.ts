// Which columns of a list are shown: those of the address, else those of this browser, else the list's own.
import { useCallback, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import type { Address } from './address'

export interface Column<Row> {
  name: string
  words: () => string
  cell: (row: Row) => ReactNode
  /** Shown unless the reader chooses otherwise. */
  usual?: boolean
  /** Left out while a drawer stands beside the list. */
  spare?: boolean
  /** Wide columns take what the others leave. */
  wide?: boolean
}

const kept = (list: string): string => `loudeng.columns.${list}`

export function useColumns<Row>(list: string, columns: readonly Column<Row>[], address: Address) {
  const named = address.filters['cols'] ?? localStorage.getItem(kept(list)) ?? ''
  const chosen = named ? named.split(',') : columns.filter(({ usual }) => usual).map(({ name }) => name)
  const found = columns.filter(({ name }) => chosen.includes(name))
  const shown = found.length ? found : columns.filter(({ usual }) => usual)
  const choose = useCallback(
    (names: string[]) => {
      localStorage.setItem(kept(list), names.join(','))
      address.change({ cols: names.join(',') })
    },
    [list, address],
  )
  return { shown, choose }
}

const DENSE = 'loudeng.dense'
const watchers = new Set<() => void>()
const isDense = (): boolean => localStorage.getItem(DENSE) === '1'

/** Whether rows are close together, in every list. */
export function useDensity(): [boolean, () => void] {
  const dense = useSyncExternalStore((watcher) => {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  }, isDense)
  const turn = (): void => {
    localStorage.setItem(DENSE, isDense() ? '' : '1')
    for (const watcher of watchers) watcher()
  }
  return [dense, turn]
}
