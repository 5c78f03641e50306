// What a list is: the descriptor that a screen gives, and what its drawer and its acts on many rows are given.
import type { ComponentType } from 'react'
import type { List } from '@mini/services/shapes'
import type { Filters } from './address'
import type { Column } from './columns'
import type { TableProps } from './DataTable'
import type { FilterSpec } from './Filters'
import type { Selected } from './useSelection'

export interface DetailProps<Row> {
  id: string
  row: Row | undefined
  /** The row has changed: show it so. */
  onChange: (row: Row) => void
  /** Something was done: show the row so, and go on to the next. */
  onDone: (row: Row) => void
  onClose: () => void
}

/** The rows that match the filters at one moment: what arrives later is not among them. */
export interface Frozen {
  rows: readonly { id: string; version: number }[]
  total: number // more than there are rows, when one may not have so many
}

export interface BulkProps<Row> {
  ids: ReadonlySet<string>
  rows: Row[] // those of the selected that are loaded
  /** All rows that match, once all that are loaded are selected and there are more. */
  freeze?: (() => Promise<Frozen>) | undefined
  select: Selected['select']
  onChange: (row: Row) => void
}

/** What is shown by the filters of the address, and changes them. */
export interface AddressProps {
  filters: Filters
  change: (changed: Record<string, string>) => void
}

/** Rows in another shape than a table's: `filters` are those of the address. */
export type RowsProps<Row> = TableProps<Row> & { filters: Filters }

export interface ListSpec<Row> {
  name: string // of the screen, first part of its address
  title: () => string
  lead?: () => string
  filters: readonly FilterSpec[]
  columns: readonly Column<Row>[]
  load: (filters: Filters, cursor: string | null) => Promise<List<Row>>
  freeze?: (filters: Filters) => Promise<Frozen>
  id: (row: Row) => string
  label: (row: Row) => string
  empty: () => { title: string; text?: string }
  /** The drawer. */
  Detail?: ComponentType<DetailProps<Row>>
  tone?: (row: Row) => string
  /** The order in which the rows that are loaded stand, and their shape, where that is no table. */
  arrange?: (rows: Row[], filters: Filters) => Row[]
  Rows?: ComponentType<RowsProps<Row>>
  /** Look for new rows by itself. */
  live?: boolean
  tabs?: ComponentType<AddressProps>
  Actions?: ComponentType
  /** What stands between filters and rows, by the filters. */
  Above?: ComponentType<AddressProps>
  /** What can be done with the selected rows; without it there is no selection. */
  Bulk?: ComponentType<BulkProps<Row>>
}
