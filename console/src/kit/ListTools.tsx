// What a list offers beside its filters: columns, density, print.
import { useEffect, useRef } from 'react'
import { words } from '../words'
import { type Column, useDensity } from './columns'

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
  const box = useRef<HTMLDetailsElement>(null)
  const names = shown.map(({ name }) => name)
  const close = (): void => box.current?.removeAttribute('open')
  useEffect(() => {
    const press = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) close()
    }
    addEventListener('pointerdown', press)
    return () => removeEventListener('pointerdown', press)
  }, [])
  const turn = (name: string): void => {
    const next = columns.map((each) => each.name).filter((each) => (each === name) !== names.includes(each))
    if (next.length) choose(next)
  }
  return (
    <details
      ref={box}
      className="column-choice"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
        box.current?.querySelector('summary')?.focus()
      }}
    >
      <summary className="btn plain small">{words().list.columns}</summary>
      <fieldset className="popover">
        <legend className="hidden">{words().list.columns}</legend>
        {columns.map(({ name, words: label }) => (
          <label key={name} className="option check">
            <input type="checkbox" checked={names.includes(name)} onChange={() => turn(name)} />
            {label()}
          </label>
        ))}
      </fieldset>
    </details>
  )
}
