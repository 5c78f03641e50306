// Choosing among the options of a field: side by side, in a list, several, by stars.
import { useId } from 'react'
import { labelOf } from '@mini/i18n/index'
import { type FieldState, type InputProps, labelOfField } from './fields'

const FEW = 6 // options that are shown side by side; more are a list that opens

export const isRadio = ({ field, options }: FieldState): boolean =>
  field.kind === 'choice' && options.length <= FEW

export function Radios({ state, value, set, autoFocus }: InputProps) {
  const name = useId()
  return (
    <div className="chips" role="radiogroup" aria-label={labelOfField(state.field)}>
      {state.options.map((option, n) => (
        <label key={String(option.value)} className={value === option.value ? 'chip on' : 'chip'}>
          <input
            type="radio"
            name={name}
            checked={value === option.value}
            autoFocus={autoFocus && (value === undefined ? n === 0 : value === option.value)}
            onChange={() => set(option.value)}
          />
          {option.words}
        </label>
      ))}
    </div>
  )
}

export function Select({ state, set, common, text }: InputProps & { common: object; text: string }) {
  const chosen = (words: string): unknown => state.options.find(({ value }) => String(value) === words)?.value
  return (
    <select {...common} value={text} onChange={(e) => set(chosen(e.target.value))}>
      <option value="" />
      {state.options.map((option) => (
        <option key={String(option.value)} value={String(option.value)}>
          {option.words}
        </option>
      ))}
    </select>
  )
}

const STARS = [1, 2, 3, 4, 5] as const

export function Stars({ state, value, set }: InputProps) {
  const options = STARS.map((n) => ({ value: n, words: `${n} · ${labelOf('choice', `star${n}`)}` }))
  return <Radios state={{ ...state, options }} value={value} set={set} send={set} />
}

export function Several({ state, value, set }: InputProps) {
  const chosen = (value as unknown[] | undefined) ?? []
  return (
    <div className="chips">
      {state.options.map((option) => {
        const on = chosen.includes(option.value)
        return (
          <label key={String(option.value)} className={on ? 'chip on' : 'chip'}>
            <input
              type="checkbox"
              checked={on}
              onChange={() =>
                set(on ? chosen.filter((each) => each !== option.value) : [...chosen, option.value])
              }
            />
            {option.words}
          </label>
        )
      })}
    </div>
  )
}

/** Rows that are an answer by themselves. */
export function Picks({ state, send }: InputProps) {
  return (
    <ul className="picks">
      {state.options.map((option) => (
        <li key={String(option.value)}>
          <button type="button" className="pick-row" onClick={() => send(option.value)}>
            <span>{option.words}</span>
            {option.hint && <span className="muted small">{option.hint}</span>}
          </button>
        </li>
      ))}
    </ul>
  )
}
