// The questions of a new survey: added, moved (Alt and an arrow), taken away, all from the keyboard.
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { fill, wordsOf } from '@mini/i18n/index'
import type { InputProps } from '../../kit/fields'
import { words } from '../../words'
import { FRESH, moved, MOST, type OwnQuestion } from './asked'

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 }

export function Questions({ value, set, within = [], values }: InputProps) {
  const text = words().surveys
  const box = useRef<HTMLDivElement>(null)
  const focus = useRef<number | null>(null) // the row whose text takes the focus once it is there
  const rows = (value as OwnQuestion[] | undefined) ?? []
  useEffect(() => {
    if (focus.current === null) return
    box.current?.querySelectorAll<HTMLInputElement>('[data-question]')[focus.current]?.focus()
    focus.current = null
  }, [value])
  const put = (next: OwnQuestion[], at: number): void => {
    focus.current = Math.min(Math.max(at, 0), next.length - 1)
    set(next)
  }
  const step = (at: number, by: number): void => {
    const to = at + by
    if (rows[to]) put(moved(rows, at, by), to)
  }
  const change = (at: number, changed: Partial<OwnQuestion>): void =>
    set(rows.map((row, n) => (n === at ? { ...row, ...changed } : row)))
  const press = (event: KeyboardEvent, at: number): void => {
    const by = event.altKey ? STEPS[event.key] : undefined
    if (!by) return
    event.preventDefault()
    step(at, by)
  }
  return (
    <div ref={box} className="rows questions">
      {rows.map((row, n) => (
        <Question
          key={n}
          row={row}
          n={n}
          last={rows.length - 1}
          isVote={values?.['kind'] === 'vote'}
          error={within.find(({ pointer }) => pointer.split('/')[2] === String(n))?.detail}
          change={(changed) => change(n, changed)}
          step={(by) => step(n, by)}
          remove={() =>
            put(
              rows.filter((_, at) => at !== n),
              n - 1,
            )
          }
          onKeyDown={(event) => press(event, n)}
        />
      ))}
      <button
        type="button"
        className="btn plain small"
        disabled={rows.length >= MOST}
        onClick={() => put([...rows, FRESH], rows.length)}
      >
        {text.addQuestion}
      </button>
      <p className="muted small">{fill(text.moveHint, { most: MOST })}</p>
    </div>
  )
}

interface QuestionProps {
  row: OwnQuestion
  n: number
  last: number
  isVote: boolean
  error: string | undefined
  change: (changed: Partial<OwnQuestion>) => void
  step: (by: number) => void
  remove: () => void
  onKeyDown: (event: KeyboardEvent) => void
}

function Question({ row, n, last, isVote, error, change, step, remove, onKeyDown }: QuestionProps) {
  const text = words().surveys
  const named = (what: string): string => `${what} ${n + 1}`
  return (
    <div className="question" role="group" aria-label={named(text.question)} onKeyDown={onKeyDown}>
      <div className="row">
        <span className="muted">{n + 1}</span>
        <input
          data-question
          className="field"
          aria-label={named(text.question)}
          aria-invalid={Boolean(error)}
          value={row.text}
          onChange={(event) => change({ text: event.target.value })}
        />
        {!isVote && (
          <select
            className="field"
            aria-label={named(text.kind)}
            value={row.kind}
            onChange={(event) => change({ kind: event.target.value as OwnQuestion['kind'] })}
          >
            {Object.entries(words().questionKinds).map(([kind, said]) => (
              <option key={kind} value={kind}>
                {said}
              </option>
            ))}
          </select>
        )}
        {[
          { by: -1, sign: '↑', said: text.up, isOff: n === 0 },
          { by: 1, sign: '↓', said: text.down, isOff: n === last },
        ].map(({ by, sign, said, isOff }) => (
          <button
            key={by}
            type="button"
            className="btn plain small"
            aria-label={named(said)}
            disabled={isOff}
            onClick={() => step(by)}
          >
            {sign}
          </button>
        ))}
        <button
          type="button"
          className="btn text small"
          aria-label={named(wordsOf('common').remove)}
          disabled={last === 0}
          onClick={remove}
        >
          ×
        </button>
      </div>
      {!isVote && row.kind !== 'rating' && (
        <textarea
          className="field"
          rows={3}
          aria-label={named(text.choices)}
          placeholder={text.choicesHint}
          value={row.choices}
          onChange={(event) => change({ choices: event.target.value })}
        />
      )}
      {error && (
        <p className="bad small" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
