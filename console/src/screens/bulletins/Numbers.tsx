// The numbers of a bulletin as they stand, or as they stood when it was published.
import { formatTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import type { components } from '@mini/services/api'
import { words } from '../../words'

type All = components['schemas']['NumbersOut']

const few = (): string => words().bulletins.few
const count = (value: number | null): string => (value === null ? few() : String(value))
const share = (value: number | null): string =>
  value === null ? few() : `${Math.round(value * 1000) / 10} %`

export function Numbers({ numbers, asOf }: { numbers: All; asOf: string }) {
  const text = words().bulletins
  const headlines = [...numbers.headlines, ...numbers.common].map(
    (row) => [row.label, count(row.count), count(row.before)] as const,
  )
  const rates = numbers.rates.map((row) => [row.label, share(row.share), share(row.before)] as const)
  return (
    <section>
      <h3>{text.numbers}</h3>
      <p className="muted small">{fill(text.asOf, { at: formatTime(asOf) })}</p>
      <table className="table dense">
        <caption className="hidden">{text.numbers}</caption>
        <thead>
          <tr>
            <th scope="col">{words().columns.name}</th>
            <th scope="col">{text.now}</th>
            <th scope="col">{text.before}</th>
          </tr>
        </thead>
        <tbody>
          {[...headlines, ...rates].map(([label, now, before]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{now}</td>
              <td>{before}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="muted small">
        {numbers.excluded.map((row) => (
          <li key={row.label}>
            {row.label}：{count(row.count)}
          </li>
        ))}
        {numbers.corrections.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  )
}
