// The fields of a form: those of the mini-program's table of actions, and a few that only the office's forms have.
import type { Field as ActionField, Option } from '@mini/domain/forms'
import { labelOf } from '@mini/i18n/index'
import type { FieldError } from '@mini/platform/problem'
import type { ActionValues } from '@mini/domain/types'
import type { Ticket } from '@mini/services/shapes'
import { useQueries, useQueryClient } from '@tanstack/react-query'
import type { ComponentType } from 'react'

export type Kind = ActionField['kind'] | 'line' | 'number' | 'day' | 'places' | 'own'

export interface Field extends Omit<ActionField, 'kind' | 'options'> {
  kind: Kind
  options?: ActionField['options'] | (() => Promise<Option[]>)
  label?: () => string
  hint?: () => string
  /** Another field that makes this one unnecessary: it is hidden once that is filled. */
  unless?: string
  /** Whether it is asked for, by what is filled in. */
  when?: (values: ActionValues) => boolean
  /** Of the kind `own`: a control that the screen brings with it, and what it is about. */
  Input?: ComponentType<InputProps>
  about?: unknown
  /** Options that depend on what is chosen in another field. */
  optionsBy?: { name: string; load: (value: unknown) => Promise<Option[]> }
}

export interface FieldState {
  field: Field
  required: boolean
  options: Option[]
  phrases: string[]
}

export interface InputProps {
  state: FieldState
  value: unknown
  set: (value: unknown) => void
  /** Send the form with this value alone: for rows that are an answer by themselves. */
  send: (value: unknown) => void
  error?: string | undefined
  /** Refusals of parts of the value, by their pointers. */
  within?: readonly FieldError[]
  /** What else is filled in. */
  values?: ActionValues
  autoFocus?: boolean
}

/**
 * The fields with what has to be asked for: options, phrases, whether the server requires them for this ticket.
 * `states` is what is known by now; `load` waits for the rest, without which a form must not be sent.
 */
export function useFields(
  fields: readonly Field[],
  ticket: Ticket | undefined,
  about: string,
  values: ActionValues,
): { states: FieldState[]; load: () => Promise<FieldState[]> } {
  const client = useQueryClient()
  const chosen = ({ optionsBy }: Field): unknown => optionsBy && values[optionsBy.name]
  const queries = fields.map((field) => ({
    queryKey: ['field', about, field.name, ticket?.id, ticket?.version, chosen(field)],
    queryFn: () => stateOf(field, ticket, chosen(field)),
    staleTime: 60_000,
  }))
  return {
    states: useQueries({ queries }).map(
      ({ data }, n) => data ?? { field: fields[n]!, required: false, options: [], phrases: [] },
    ),
    load: () => Promise.all(queries.map((query) => client.fetchQuery(query))),
  }
}

async function stateOf(field: Field, ticket: Ticket | undefined, chosen: unknown): Promise<FieldState> {
  const { options, optionsBy } = field
  return {
    field,
    required: Boolean(field.required || (ticket && (await field.requiredFor?.(ticket)))),
    options: optionsBy
      ? await optionsBy.load(chosen)
      : typeof options === 'function'
        ? await options(ticket!)
        : (options ?? []).map(choice),
    phrases: (ticket && (await field.phrases?.(ticket))) ?? [],
  }
}

const choice = (value: string | number | boolean): Option => ({
  value,
  words: labelOf('choice', String(value)),
})

export const labelOfField = ({ label, words, name }: Field): string =>
  label?.() ?? labelOf('field', words ?? name)

/** What is preselected, where nothing was chosen. */
export function withPreselected(states: readonly FieldState[], values: ActionValues): ActionValues {
  const preselected = states.flatMap(({ field, options }) => {
    const found = options.find((option) => option.preselected)
    return found && values[field.name] === undefined ? [[field.name, found.value]] : []
  })
  return { ...values, ...(Object.fromEntries(preselected) as ActionValues) }
}

/** The fields that are required and empty. */
export const missing = (states: readonly FieldState[], values: ActionValues): string[] =>
  states
    .filter((state) => state.required && isNeeded(state, values) && isEmpty(values[state.field.name]))
    .map(({ field }) => field.name)

/** Whether a field is asked for, by what is filled in. */
export const isNeeded = ({ field }: FieldState, values: ActionValues): boolean =>
  (!field.unless || isEmpty(values[field.unless])) && (field.when?.(values) ?? true)

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) ? !value.length : typeof value === 'string' && !value.trim())
