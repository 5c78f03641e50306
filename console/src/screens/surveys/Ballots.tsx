// Paper ballots, typed without the mouse: the room, a digit a question, and the next ballot is asked for.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { fill, wordsOf } from '@mini/i18n/index'
import type { InputProps } from '../../kit/fields'
import { PlacePicker } from '../../kit/PlacePicker'
import type { Survey } from '../../subjects'
import { words } from '../../words'
import { allOf, type Ballot, isBegun, isComplete, isNamed, marksOf, MOST, type Paper } from './paper'

const STEP = '[data-step]'

const emptyOf = (survey: Survey, place: Ballot['place'] = null): Ballot => ({
  place,
  room: '',
  marks: survey.questions.map(() => ''),
})

export function Ballots({ state, value, set, error, within = [] }: InputProps) {
  const text = words().surveys
  const survey = state.field.about as Survey
  const { ready, typed } = (value as Paper | undefined) ?? { ready: [], typed: emptyOf(survey) }
  const box = useRef<HTMLDivElement>(null)
  const steps = () => [...(box.current?.querySelectorAll<HTMLInputElement>(STEP) ?? [])]
  const refused = useRefused({ ready, typed }, error, within)
  const isFull = ready.length >= MOST - 1

  const put = (changed: Partial<Paper>): void => set({ ready, typed, ...changed })
  const toRoom = (): void => void setTimeout(() => steps()[0]?.select())
  const add = (ballot: Ballot): void => {
    if (!ballot.place) return box.current?.querySelector<HTMLInputElement>('[role=combobox]')?.focus()
    if (!ballot.room.trim()) return toRoom()
    if (isFull) return
    put({ ready: [...ready, ballot], typed: emptyOf(survey, ballot.place) })
    toRoom()
  }
  /** On to the next question, after the last to the next ballot. */
  const goOn = (from: HTMLInputElement, ballot: Ballot): void => {
    const next = steps()[steps().indexOf(from) + 1]
    if (next) next.select()
    else add(ballot)
  }
  const mark = (input: HTMLInputElement, n: number): void => {
    const { kind, choices } = survey.questions[n]!
    const marks = typed.marks.with(n, marksOf(input.value, kind, choices.length))
    put({ typed: { ...typed, marks } })
    if (isComplete(marks[n]!, kind, choices.length)) goOn(input, { ...typed, marks })
  }
  const press = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || target.tagName !== 'INPUT') return
    event.preventDefault() // the form is sent by its button
    if (target.matches(STEP)) goOn(target as HTMLInputElement, typed)
  }
  /** Take one back to change it; the one being typed takes its place. */
  const change = (ballot: Ballot): void => {
    const rest = ready.flatMap((each) => (each !== ballot ? [each] : isBegun(typed) ? [typed] : []))
    put({ ready: rest, typed: ballot })
    toRoom()
  }
  return (
    <div ref={box} className="ballots" onKeyDown={press}>
      <p className="muted small">{text.paperHint}</p>
      <PlacePicker
        label={text.building}
        value={typed.place?.id ?? ''}
        onChange={(place) => {
          put({ typed: { ...typed, place: place && { id: place.id, label: place.label } } })
          if (place) toRoom()
        }}
      />
      <label className="form-field">
        <span className="label">{text.room}</span>
        <input
          data-step
          className="field"
          value={typed.room}
          placeholder="301"
          onChange={(event) => put({ typed: { ...typed, room: event.target.value } })}
        />
      </label>
      {survey.questions.map(({ text: asked, choices, kind }, n) => (
        <label key={n} className="form-field">
          <span className="label">
            {n + 1}. {asked}
          </span>
          <span className="row">
            <input
              data-step
              className="field mark"
              inputMode="numeric"
              aria-describedby={`choices-${n}`}
              value={typed.marks[n] ?? ''}
              onChange={(event) => mark(event.target, n)}
            />
            <span className="muted small" id={`choices-${n}`}>
              {choices.map((choice, at) => `${at + 1} ${choice}`).join('　')}
              {kind === 'choices' && ` · ${text.several}`}
            </span>
          </span>
        </label>
      ))}
      {refused.get(typed) && (
        <p className="bad small" role="alert">
          {refused.get(typed)}
        </p>
      )}
      <div className="row apart wrap">
        <button type="button" className="btn plain small" disabled={isFull} onClick={() => add(typed)}>
          {text.nextBallot}
        </button>
        <span role="status">{fill(text.counted, { n: allOf({ ready, typed }).length, most: MOST })}</span>
      </div>
      <ol className="plain-list" reversed>
        {[...ready].reverse().map((ballot, n) => (
          <li key={ready.length - n} className="ballot">
            <Ready
              ballot={ballot}
              error={refused.get(ballot)}
              onChange={() => change(ballot)}
              onRemove={() => put({ ready: ready.filter((each) => each !== ballot) })}
            />
          </li>
        ))}
      </ol>
    </div>
  )
}

interface ReadyProps {
  ballot: Ballot
  error: string | undefined
  onChange: () => void
  onRemove: () => void
}

function Ready({ ballot, error, onChange, onRemove }: ReadyProps) {
  const named = `${ballot.place?.label ?? ''} ${ballot.room}`
  return (
    <>
      <div className="row apart">
        <span className={error ? 'bad' : undefined}>{named}</span>
        <span className="marks">
          {ballot.marks.map((mark) => mark.replaceAll(' ', '') || '–').join(' · ')}
        </span>
        <span className="buttons">
          <button
            type="button"
            className="btn plain small"
            aria-label={`${words().surveys.change} ${named}`}
            onClick={onChange}
          >
            {words().surveys.change}
          </button>
          <button
            type="button"
            className="btn text small"
            aria-label={`${wordsOf('common').remove} ${named}`}
            onClick={onRemove}
          >
            ×
          </button>
        </span>
      </div>
      {error && (
        <p className="bad small" role="alert">
          {error}
        </p>
      )}
    </>
  )
}

/** What was refused of which ballot: it stays at its row while others come and go, until the row is changed. */
function useRefused(
  paper: Paper,
  error: string | undefined,
  within: NonNullable<InputProps['within']>,
): ReadonlyMap<Ballot, string> {
  const [refused, setRefused] = useState<ReadonlyMap<Ballot, string>>(new Map())
  const said = JSON.stringify([error, within])
  const sent = useRef(paper)
  useEffect(() => {
    sent.current = paper
  })
  useEffect(() => {
    const [whole, parts] = JSON.parse(said) as [string | null, NonNullable<InputProps['within']>]
    const found = allOf(sent.current).flatMap((ballot, n) => {
      const own = parts.find(({ pointer }) => pointer.split('/')[2] === String(n))?.detail
      const detail = own ?? (whole && isNamed(whole, ballot) ? whole : '')
      return detail ? [[ballot, detail] as const] : []
    })
    setRefused(new Map(found))
  }, [said])
  return refused
}
