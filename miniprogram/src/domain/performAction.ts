// Performing an action on a ticket: its photos first, then the action. Both repeat safely under the same key.
import type { Ticket } from '../services/shapes'
import { postAction } from '../services/tickets'
import { formOf } from './forms'
import { countUnread } from './notices'
import { uploadPhotos } from './photoUpload'
import type { ActionValues, Shot } from './types'

export async function performAction(
  ticket: Ticket,
  action: string,
  values: ActionValues,
  key: string,
): Promise<Ticket> {
  const shots = values['photo_ids'] as Shot[] | undefined
  const photos = shots ? { photo_ids: await uploadPhotos(shots, key) } : {}
  const entered = Object.entries(values).filter(
    ([name, value]) => name !== 'photo_ids' && value !== '' && value !== undefined,
  )
  const body = Object.fromEntries(entered.map(([name, value]) => [name, idOrValue(value)]))
  const { as = action, plus } = formOf(action)
  const fresh = await postAction(ticket, as, { ...body, ...photos, ...plus }, key)
  void countUnread().catch(() => undefined) // its notices are read now
  return fresh
}

// A place is chosen with its name and sent as its id.
function idOrValue(value: unknown): unknown {
  return typeof value === 'object' && value && 'id' in value ? value.id : value
}
