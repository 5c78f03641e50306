// One act of a ticket: its form from the table that the mini-program shares.
import { useMemo } from 'react'
import { announce } from '@mini/domain/actionResult'
import { formOf } from '@mini/domain/forms'
import { performAction } from '@mini/domain/performAction'
import { eventLine } from '@mini/domain/eventLine'
import { fill, labelOf, wordsOf } from '@mini/i18n/index'
import type { Ticket } from '@mini/services/shapes'
import { getTicket } from '@mini/services/tickets'
import { withReplies } from '../replies'
import { words } from '../words'
import { VersionedForm } from './VersionedForm'

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
  return (
    <VersionedForm
      about={ticket}
      name={`${ticket.id}:${action}`}
      title={labelOf('action', action)}
      ask={form.ask && labelOf('ask', action, '')}
      fields={fields}
      initial={form.preset?.(ticket) ?? {}}
      ticket={(loaded) => loaded}
      tone={form.tone}
      atOnce={form.atOnce}
      isAllowed={({ actions }) => actions.includes(form.as ?? action)}
      send={async (loaded, values, key) => {
        const fresh = await performAction(loaded, action, values, key)
        announce(action, fresh)
        return fresh
      }}
      load={() => getTicket(ticket.id)}
      said={conflictOf}
      instead={({ actions }) =>
        fill(words().act.nowAllowed, { acts: actions.map((each) => labelOf('action', each)).join('、') })
      }
      onChange={onChange}
      onDone={onDone}
      onCancel={onCancel}
    />
  )
}

/** Who has done what, when. */
function conflictOf({ latest }: Ticket): string {
  if (!latest) return wordsOf('problem').faster
  const { who, what, more, at } = eventLine(latest)
  return fill(wordsOf('workbench').by, { who, what: [what, more].filter(Boolean).join('，'), at })
}
