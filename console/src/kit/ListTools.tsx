// What a list offers beside its filters: columns, density, print.
import { words } from '../words'
import { type Column, useDensity } from './columns'
import { Popup } from './Popup'

interface Props<Row> {
  columns: readonly Column<Row>[]
  shown: readonly Column<Row>[]
  choose: (names: string[]) => void
}

export function ListTools<Row>(props: Props<Row>) {
  const [dense, turn] = useDensity()
  return (
    <div className="tools">
      <ColumnChoice {...props} />
      <button type="button" className="btn plain small" aria-pressed={dense} onClick={turn}>
        {words().list.dense}
      </button>
      <button type="button" className="btn plain small" onClick={() => print()}>
        {words().list.print}
      </button>
    </div>
  )
}

function ColumnChoice<Row>({ columns, shown, choose }: Props<Row>) {
  const names = shown.map(({ name }) => name)
  const turn = (name: string): void => {
    const next = columns.map((each) => each.name).filter((each) => (each === name) !== names.includes(each))
    if (next.length) choose(next)
  }
  return (
    <Popup words={words().list.columns} label={words().list.columns}>
      {columns.map(({ name, words: label }) => (
        <label key={name} className="option check">
          <input type="checkbox" checked={names.includes(name)} onChange={() => turn(name)} />
          {label()}
        </label>
      ))}
    </Popup>
  )
}
