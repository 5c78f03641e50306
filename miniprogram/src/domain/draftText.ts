// What was entered for an action and is not sent yet, under the key `act:<ticket>:<action>`.
import { wordsOf } from '../i18n/index'
import { readStorage, removeStorage, writeStorage } from '../platform/storage'
import type { ActionValues } from './types'

const TEXT_FIELDS = ['text', 'description', 'reason', 'note'] as const

const keyOf = (ticketId: string, action: string): string => `act:${ticketId}:${action}`

export const readActionDraft = (ticketId: string, action: string): ActionValues | null =>
  readStorage<ActionValues>(keyOf(ticketId, action))
export const saveActionDraft = (ticketId: string, action: string, values: ActionValues): void =>
  writeStorage(keyOf(ticketId, action), values)
export const removeActionDraft = (ticketId: string, action: string): void =>
  removeStorage(keyOf(ticketId, action))

/**
 * Return the text a user typed for an action, '' when there is none. A code of `choice` is not typed text.
 */
export function draftText(ticketId: string, action: string): string {
  const draft = readActionDraft(ticketId, action) ?? {}
  const codes = wordsOf('choice') as Record<string, string>
  const isText = (value: unknown): value is string =>
    typeof value === 'string' && Boolean(value.trim()) && !(value in codes)
  return TEXT_FIELDS.map((name) => draft[name]).find(isText) ?? ''
}
