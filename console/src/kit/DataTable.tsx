// Rows as a native table: sticky head, a cursor that the keyboard moves, selection. Which row is open is the address's.
import { type MouseEvent, useEffect, useRef } from 'react'
import { fill } from '@mini/i18n/index'
import { Link } from 'wouter'
import { words } from '../words'
import { type Column, useDensity } from './columns'

export interface Selection {
  ids: ReadonlySet<string>
  toggle: (id: string) => void
  toggleAll: () => void
}

export interface TableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  id: (row: Row) => string
  label: (row: Row) => string
  /** The row the keyboard is at. */
  cursor?: string | undefined
  onCursor?: (id: string) => void
  /** The address of a row's drawer. */
  hrefOf?: ((id: string) => string) | undefined
  opened?: string | undefined
  selection?: Selection | undefined
  tone?: ((row: Row) => string) | undefined
}

export function DataTable<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, selection } = props
  const [dense] = useDensity()
  return (
    <div className="table-frame" tabIndex={-1}>
      <table className={dense ? 'table dense' : 'table'}>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {selection && (
              <th scope="col" className="pick">
                <input
                  type="checkbox"
                  aria-label={words().list.selectAll}
                  checked={rows.length > 0 && rows.every((row) => selection.ids.has(props.id(row)))}
                  onChange={selection.toggleAll}
                />
              </th>
            )}
            {columns.map((column) => (
              <th key={column.name} scope="col" className={column.wide ? 'wide' : ''}>
                {column.words()}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={props.id(row)} row={row} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row<R>({ row, ...props }: TableProps<R> & { row: R }) {
  const { columns, cursor, opened, selection, hrefOf } = props
  const id = props.id(row)
  const isAt = cursor === id
  const element = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (isAt) element.current?.scrollIntoView({ block: 'nearest' })
  }, [isAt])
  // A click anywhere in a row opens it, unless it is on something of its own or ends a selection of text.
  const click = (event: MouseEvent<HTMLElement>): void => {
    props.onCursor?.(id)
    const own = (event.target as Element).closest('a, button, input, label, select')
    if (!own && !getSelection()?.toString())
      element.current?.querySelector<HTMLElement>('a.row-link')?.click()
  }
  const classes = [isAt && 'at', opened === id && 'opened', hrefOf && 'opens', props.tone?.(row)]
  return (
    <tr
      ref={element}
      data-id={id}
      className={classes.filter(Boolean).join(' ')}
      aria-current={isAt ? 'true' : undefined}
      onClick={click}
    >
      {selection && (
        <td className="pick">
          <input
            type="checkbox"
            aria-label={fill(words().list.select, { what: props.label(row) })}
            checked={selection.ids.has(id)}
            onChange={() => selection.toggle(id)}
          />
        </td>
      )}
      {columns.map((column, n) => (
        <td key={column.name} className={column.wide ? 'wide' : ''}>
          {n === 0 && hrefOf ? (
            <Link className="row-link" href={hrefOf(id)}>
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  )
}
