// One act of a ticket: its form from the shared table. When the ticket has changed meanwhile, the words stay.
import { useMemo, useRef, useState } from 'react'
import { announce } from '@mini/domain/actionResult'
import { formOf } from '@mini/domain/forms'
import { performAction } from '@mini/domain/performAction'
import type { ActionValues } from '@mini/domain/types'
import { eventLine } from '@mini/domain/eventLine'
import { fill, labelOf, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { Problem } from '@mini/platform/problem'
import type { Ticket } from '@mini/services/shapes'
import { getTicket } from '@mini/services/tickets'
import { withReplies } from '../replies'
import { words } from '../words'
import { Form, Unfinished } from './Form'

interface Props {
  ticket: Ticket
  action: string
  /** The ticket as somebody else has left it. */
  onChange: (ticket: Ticket) => void
  onDone: (ticket: Ticket) => void
  onCancel: () => void
}

export function ActForm({ ticket, action, onChange, onDone, onCancel }: Props) {
  const form = formOf(action)
  const fields = useMemo(() => withReplies(form.fields, form.as ?? action), [form, action])
  const key = useRef(newKey())
  const [loaded, setLoaded] = useState(ticket) // its version is sent, not that of a newer ticket beside it
  const [conflict, setConflict] = useState('')
  const isAllowed = loaded.actions.includes(form.as ?? action)

  async function send(values: ActionValues): Promise<void> {
    try {
      const fresh = await performAction(loaded, action, values, key.current)
      announce(action, fresh)
      onDone(fresh)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409) throw error
      const fresh = await getTicket(ticket.id)
      key.current = newKey()
      setLoaded(fresh)
      setConflict(conflictOf(fresh))
      onChange(fresh)
      throw new Unfinished()
    }
  }
  return (
    <div className="act-form">
      <h3>{labelOf('action', action)}</h3>
      {conflict && (
        <p className="note soon" role="alert">
          {conflict}{' '}
          {!isAllowed &&
            fill(words().act.nowAllowed, {
              acts: loaded.actions.map((each) => labelOf('action', each)).join('、'),
            })}
        </p>
      )}
      {form.ask && <p>{labelOf('ask', action, '')}</p>}
      <Form
        name={`${ticket.id}:${action}`}
        fields={fields}
        initial={form.preset?.(ticket) ?? {}}
        ticket={loaded}
        tone={form.tone}
        atOnce={form.atOnce}
        submit={conflict && isAllowed ? words().act.again : labelOf('action', action)}
        send={send}
        disabled={!isAllowed}
        onCancel={onCancel}
      />
    </div>
  )
}

/** Who has done what, when. */
function conflictOf({ latest }: Ticket): string {
  if (!latest) return wordsOf('problem').faster
  const { who, what, more, at } = eventLine(latest)
  return fill(wordsOf('workbench').by, { who, what: [what, more].filter(Boolean).join('，'), at })
}
