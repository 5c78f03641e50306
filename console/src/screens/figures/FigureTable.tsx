// The numbers of a figure; each opens the tickets it counts.
import { Link } from 'wouter'
import { type Figure, screenOf } from '../../office'
import { words } from '../../words'

const SHARE = 'share'

export function FigureTable({ figure }: { figure: Figure }) {
  const shown = (value: number | string | null | undefined, kind: string): string => {
    if (value === null || value === undefined) return '–'
    return kind === SHARE && typeof value === 'number' ? `${Math.round(value * 1000) / 10} %` : String(value)
  }
  return (
    <div className="table-frame">
      <table className="table dense">
        <caption className="hidden">{figure.title}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">{words().columns.name}</span>
            </th>
            {figure.columns.map(({ key, title }) => (
              <th key={key} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figure.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.label}</th>
              {figure.columns.map(({ key, kind }) => {
                const text = shown(row.cells[key], kind)
                return (
                  <td key={key}>
                    {row.links[key] ? <Link href={screenOf(row.links[key])}>{text}</Link> : text}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
