// Ticking a list of names by keyboard: some characters of a name and Enter, or the arrows and Space.
import { type KeyboardEvent, useState } from 'react'
import type { Attendance } from '../../subjects'
import { words } from '../../words'

interface Props {
  people: readonly Attendance[]
  ticked: readonly string[]
  turn: (id: string) => void
}

export function FindName({ people, ticked, turn }: Props) {
  const [q, setQ] = useState('')
  const text = words().activities
  const said = q.trim().toLowerCase()
  const found = said ? people.filter(({ name }) => name?.toLowerCase().includes(said)) : []
  const next = found.find(({ person_id }) => !ticked.includes(person_id)) ?? found[0]
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || !next) return
    event.preventDefault()
    turn(next.person_id)
    setQ('')
  }
  return (
    <label className="row">
      <span className="muted small">{text.findName}</span>
      <input
        className="field"
        value={q}
        placeholder={text.findHint}
        autoComplete="off"
        onChange={(event) => setQ(event.target.value)}
        onKeyDown={press}
      />
      <span role="status">{said && (next?.name ?? words().subjects.none)}</span>
    </label>
  )
}

/** Up and down from tick to tick. */
export function step(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!by) return
  const ticks = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[type=checkbox]')]
  const next = ticks[ticks.indexOf(event.target as HTMLInputElement) + by]
  event.preventDefault()
  event.stopPropagation()
  next?.focus()
}
