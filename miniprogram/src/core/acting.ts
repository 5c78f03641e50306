// Doing an act: its photos first, then the act itself under one key, so that a second try acts once.
import { act } from '../services/tickets'
import type { Ticket } from '../services/shapes'
import type { Shot } from './outbox'
import { formOf } from './forms'
import { upload } from './upload'

export type Values = Record<string, unknown>

export async function perform(ticket: Ticket, action: string, values: Values, key: string): Promise<Ticket> {
  const shots = values['photo_ids'] as Shot[] | undefined
  for (const [n, shot] of (shots ?? []).entries()) shot.id ??= (await upload(shot.path, `${key}-${n}`)).id
  const told = Object.entries(values).filter(([name, value]) => name !== 'photo_ids' && value !== '' && value !== undefined)
  const body = { ...Object.fromEntries(told.map(([name, value]) => [name, plain(value)])), ...(shots ? { photo_ids: shots.map((shot) => shot.id) } : {}) }
  const { as = action, plus } = formOf(action)
  return act(ticket, as, { ...body, ...plus }, key)
}

// A place is chosen with its name and sent as its id.
function plain(value: unknown): unknown {
  return typeof value === 'object' && value && 'id' in value ? value.id : value
}
