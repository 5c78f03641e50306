// Canned replies: what an office often writes, put into a form and edited there. Nothing sends them by itself.
import type { Field as ActionField } from '@mini/domain/forms'
import type { components } from '@mini/services/api'
import type { Ticket } from '@mini/services/shapes'
import { data, GET } from './api'

export type Reply = components['schemas']['ReplyOut']
export type ReplyAction = Reply['action']

export const REPLY_ACTIONS: readonly ReplyAction[] = [
  'comment',
  'resolve',
  'reject',
  'ask',
  'dispatch',
  'escalate',
  'extend',
  'settle',
]
const MOST = 12 // beside a form

/** The replies for an act on a ticket, filled in. Whoever may have none has none. */
async function repliesFor(ticket: Ticket, action: ReplyAction): Promise<string[]> {
  const query = { ticket_id: ticket.id, category: ticket.category.code, action, limit: MOST }
  const page = await data(GET('/api/v1/replies', { params: { query } })).catch(() => null)
  return (page?.items ?? []).map(({ filled, text }) => filled ?? text)
}

/** The fields of a form, the replies beside its text. */
export const withReplies = (fields: readonly ActionField[], action: string): readonly ActionField[] =>
  isReplyAction(action)
    ? fields.map((field) =>
        field.kind === 'text'
          ? { ...field, phrases: async (ticket) => both(field, ticket, await repliesFor(ticket, action)) }
          : field,
      )
    : fields

const isReplyAction = (action: string): action is ReplyAction =>
  (REPLY_ACTIONS as readonly string[]).includes(action)

const both = async (field: ActionField, ticket: Ticket, replies: string[]): Promise<string[]> => [
  ...new Set([...replies, ...((await field.phrases?.(ticket)) ?? [])]),
]
