// Rows as a board: a column for each status. j and k go through a column and on to the next, the arrows across.
import { direction } from '@mini/i18n/index'
import { Link } from 'wouter'
import { useKeys } from '../../kit/keys'
import type { RowsProps } from '../../kit/listSpec'

interface Props<Row> extends RowsProps<Row> {
  /** The columns: codes with their names. */
  states: Readonly<Record<string, string>>
  stateOf: (row: Row) => string
  note: (row: Row) => string
}

export function Board<Row>(props: Props<Row>) {
  const { rows, id, stateOf, cursor, onCursor } = props
  const columns = Object.entries(props.states)
    .map(([state, name]) => ({ state, name, own: rows.filter((row) => stateOf(row) === state) }))
    .filter(({ own }) => own.length)
  const across = (by: number): void => {
    const at = columns.findIndex(({ own }) => own.some((row) => id(row) === cursor))
    const height = Math.max(0, columns[at]?.own.findIndex((row) => id(row) === cursor) ?? 0)
    const next = columns[Math.min(Math.max(at + by, 0), columns.length - 1)]?.own
    const row = next?.[Math.min(height, next.length - 1)]
    if (!row) return
    onCursor?.(id(row))
    document.querySelector<HTMLElement>(`[data-id="${id(row)}"] a.row-link`)?.focus()
  }
  const right = direction() === 'rtl' ? -1 : 1
  useKeys({ ArrowRight: () => across(right), ArrowLeft: () => across(-right) })
  return (
    <div className="board" role="group" aria-label={props.caption}>
      {columns.map(({ state, name, own }) => (
        <section key={state} aria-labelledby={`board-${state}`}>
          <h2 id={`board-${state}`}>
            {name} <span className="count">{own.length}</span>
          </h2>
          <ul>
            {own.map((row) => (
              <BoardRow key={id(row)} row={row} {...props} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function BoardRow<Row>({ row, ...props }: Props<Row> & { row: Row }) {
  const id = props.id(row)
  const isAt = props.cursor === id
  const classes = ['board-row', isAt && 'at', props.opened === id && 'opened', props.tone?.(row)]
  return (
    <li
      data-id={id}
      className={classes.filter(Boolean).join(' ')}
      aria-current={isAt ? 'true' : undefined}
      onFocus={() => props.onCursor?.(id)}
    >
      <Link className="row-link" href={props.hrefOf?.(id) ?? ''}>
        {props.label(row)}
      </Link>
      <p className="muted small">{props.note(row)}</p>
    </li>
  )
}
