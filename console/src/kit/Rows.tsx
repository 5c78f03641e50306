// Rows of a small table that are edited in place: added, changed, taken away.
import { wordsOf } from '@mini/i18n/index'
import { words } from '../words'

interface RowField<Row> {
  name: keyof Row & string
  words: string
  type?: 'date' | 'time'
  choices?: Readonly<Record<string, string>>
  hint?: string
}

interface Props<Row> {
  label: string
  rows: Row[]
  set: (rows: Row[]) => void
  fresh: Row
  fields: readonly RowField<Row>[]
}

export function Rows<Row extends object>({ label, rows, set, fresh, fields }: Props<Row>) {
  const change = (at: number, name: string, value: string): void =>
    set(rows.map((row, n) => (n === at ? { ...row, [name]: value } : row)))
  return (
    <fieldset className="rows">
      <legend className="label">{label}</legend>
      {rows.map((row, n) => (
        <div key={n} className="row wrap">
          {fields.map((field) => {
            const value = String(row[field.name] ?? '')
            const common = { className: 'field', 'aria-label': `${field.words} ${n + 1}`, value }
            return field.choices ? (
              <select
                key={field.name}
                {...common}
                onChange={(event) => change(n, field.name, event.target.value)}
              >
                {Object.entries(field.choices).map(([code, text]) => (
                  <option key={code} value={code}>
                    {text}
                  </option>
                ))}
              </select>
            ) : (
              <input
                key={field.name}
                {...common}
                type={field.type ?? 'text'}
                placeholder={field.hint}
                onChange={(event) => change(n, field.name, event.target.value)}
              />
            )
          })}
          <button
            type="button"
            className="btn text small"
            aria-label={`${wordsOf('common').remove} ${n + 1}`}
            onClick={() => set(rows.filter((_, at) => at !== n))}
          >
            {wordsOf('common').remove}
          </button>
        </div>
      ))}
      <button type="button" className="btn plain small" onClick={() => set([...rows, fresh])}>
        {words().office.addRow}
      </button>
    </fieldset>
  )
}
