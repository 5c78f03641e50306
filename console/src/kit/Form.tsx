// A form from a table of fields: what is typed is kept until it is sent; refusals stand at their fields.
import { type ReactNode, useState } from 'react'
import type { ActionValues } from '@mini/domain/types'
import type { Ticket } from '@mini/services/shapes'
import { messageOf } from '@mini/domain/errorMessage'
import { wordsOf } from '@mini/i18n/index'
import { type FieldError, fieldOf, problemOf } from '@mini/platform/problem'
import { useDraft } from '../drafts'
import { FieldInput } from './FieldInput'
import { type Field, type FieldState, isNeeded, missing, useFields, withPreselected } from './fields'

/** Thrown by `send` when it has said itself what is wrong: the form stays as it is. */
export class Unfinished extends Error {}

interface Props {
  /** The name under which what is typed is kept. */
  name: string
  fields: readonly Field[]
  initial?: ActionValues
  ticket?: Ticket | undefined
  submit: string
  tone?: string | undefined
  /** Resolves once it is done; what it rejects with is shown, and the form stays. */
  send: (values: ActionValues) => Promise<unknown>
  atOnce?: string | undefined // the field that is sent alone, as soon as it is chosen
  disabled?: boolean
  focus?: boolean // whether the first field takes the focus; it does, unless said
  onCancel?: (() => void) | undefined
  beside?: (values: ActionValues) => ReactNode // above the buttons, by what is typed
}

export function Form(props: Props) {
  const { name, fields, initial = {}, ticket, send, atOnce } = props
  const draft = useDraft<ActionValues>(name, initial)
  const { states, load } = useFields(fields, ticket, name, draft.value)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [within, setWithin] = useState<readonly FieldError[]>([])
  const [refusal, setRefusal] = useState('')
  const [isBusy, setBusy] = useState(false)
  const values = withPreselected(states, draft.value)
  const shown = states.filter((state) => isNeeded(state, values))

  async function submit(values: (states: FieldState[]) => ActionValues | undefined): Promise<void> {
    if (isBusy) return
    setBusy(true)
    setErrors({})
    setWithin([])
    setRefusal('')
    try {
      const given = values(await load())
      if (!given) return
      await send(given)
      draft.clear()
    } catch (error) {
      if (error instanceof Unfinished) return
      const { at, rest } = refusalOf(error, fields)
      setErrors(at)
      setWithin(problemOf(error).fieldErrors)
      setRefusal(rest)
    } finally {
      setBusy(false)
    }
  }
  function filledIn(known: FieldState[]): ActionValues | undefined {
    const given = withPreselected(known, draft.value)
    const empty = missing(known, given)
    setErrors(Object.fromEntries(empty.map((field) => [field, wordsOf('common').required])))
    return empty.length ? undefined : given
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(filledIn)
      }}
      noValidate
    >
      {shown.map((state, n) => (
        <FieldInput
          key={state.field.name}
          state={state}
          value={values[state.field.name]}
          set={(value) => draft.set({ ...draft.value, [state.field.name]: value })}
          send={(value) => void submit(() => ({ [state.field.name]: value }))}
          error={errors[state.field.name]}
          within={within.filter(({ pointer }) => pointer.startsWith(`/${state.field.name}/`))}
          values={values}
          autoFocus={n === 0 && props.focus !== false}
        />
      ))}
      {props.beside?.(values)}
      {refusal && (
        <p className="note late" role="alert">
          {refusal}
        </p>
      )}
      <div className="buttons">
        {!(atOnce && !values['place_id']) && (
          <button
            className={`btn ${props.tone ?? 'main'}`}
            aria-disabled={isBusy || props.disabled}
            disabled={props.disabled}
          >
            {props.submit}
          </button>
        )}
        {props.onCancel && (
          <button type="button" className="btn plain" onClick={props.onCancel}>
            {wordsOf('common').cancel}
          </button>
        )}
      </div>
    </form>
  )
}

/** The errors of fields that the form has, and the sentence for everything else. */
function refusalOf(error: unknown, fields: readonly Field[]): { at: Record<string, string>; rest: string } {
  const names = new Set(fields.map((field) => field.name))
  const known = problemOf(error).fieldErrors.filter(({ pointer }) => names.has(fieldOf(pointer)))
  const at = Object.fromEntries(known.map(({ pointer, detail }) => [fieldOf(pointer), detail]))
  const other = problemOf(error).fieldErrors.find(({ pointer }) => !names.has(fieldOf(pointer)))
  return { at, rest: known.length && !other ? '' : (other?.detail ?? messageOf(error)) }
}
