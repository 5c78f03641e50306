// What is said once an action is done: from the ticket as the action left it, for a few seconds, on whatever
// page is in front. As long as the server lists `undo`, the user can take the action back.
import { fill, labelOf } from '../i18n/index'
import { newKey } from '../platform/idempotencyKey'
import type { Ticket } from '../services/shapes'
import { messageOf } from './errorMessage'
import { performAction } from './performAction'
import { store } from './store'
import { formatTime } from './time'
import type { ActionResult } from './types'

const SHOWN = 4_000 // milliseconds
const SHOWN_WITH_UNDO = 12_000 // after that, `undo` is still among the ticket's actions for a while

let timer = 0

/** Say what an action has done. */
export function announce(action: string, ticket: Ticket): void {
  const values = {
    organisation: ticket.organisation?.name ?? '',
    holder: ticket.holder?.label ?? '',
    into: ticket.merged_into?.no ?? '',
    category: ticket.category.name,
    until: ticket.sla.paused_until ? formatTime(ticket.sla.paused_until) : '',
  }
  const undo = ticket.actions.includes('undo') ? ticket : null
  say({ words: fill(labelOf('done', action), values), tone: 'good', undo })
}

/** Undo the action that was announced last and return the ticket as it is again; say why if it is too late. */
export async function undoAnnounced(): Promise<Ticket | null> {
  const ticket = store.get().result?.undo
  if (!ticket) return null
  say(null)
  try {
    const restored = await performAction(ticket, 'undo', {}, newKey())
    announce('undo', restored)
    return restored
  } catch (error) {
    say({ words: messageOf(error), tone: 'late', undo: null })
    return null
  }
}

/** Say what has been done, where there is nothing to undo. */
export const sayDone = (words: string): void => say({ words, tone: 'good', undo: null })

function say(result: ActionResult | null): void {
  clearTimeout(timer)
  store.set({ result })
  if (result) timer = setTimeout(() => store.set({ result: null }), result.undo ? SHOWN_WITH_UNDO : SHOWN)
}
