// Asking to know who reported anonymously: the reason, which the reporter will read; a second person decides.
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { hasRole } from '@mini/domain/roles'
import { wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import type { Ticket } from '@mini/services/shapes'
import { requestUnsealing } from '@mini/services/unsealings'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'

const FIELDS: readonly Field[] = [
  {
    name: 'reason',
    kind: 'text',
    required: true,
    label: () => wordsOf('unseal').reason,
    hint: () => wordsOf('unseal').reasonHint,
  },
]

export function Unsealing({ ticket }: { ticket: Ticket }) {
  const [state, setState] = useState<'' | 'asking' | 'sent'>('')
  const key = useRef(newKey())
  const text = wordsOf('unseal')
  if (!ticket.anonymous || !hasRole(['community', 'street'])) return null
  if (state === 'sent')
    return (
      <p className="note" role="status">
        {text.sent} <Link href="/unsealings">{text.title}</Link>
      </p>
    )
  if (!state)
    return (
      <button type="button" className="btn plain small" onClick={() => setState('asking')}>
        {text.request}
      </button>
    )
  return (
    <div className="act-form">
      <h3>{text.request}</h3>
      <p className="muted">{text.lead}</p>
      <Form
        name={`unseal:${ticket.id}`}
        fields={FIELDS}
        submit={text.send}
        send={async ({ reason }) => {
          await requestUnsealing(ticket.id, String(reason).trim(), key.current)
          key.current = newKey()
          setState('sent')
        }}
        onCancel={() => setState('')}
      />
    </div>
  )
}
