// The API keys of an organisation: each is shown once, and can be revoked.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { createKey, listKeys, revokeKey } from '@mini/services/organisations'
import type { ApiKey, ApiKeyForm } from '@mini/services/shapes'
import { Confirm } from '../../kit/Confirm'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'
import { Loaded } from '../../kit/Message'
import { words } from '../../words'

const SCOPES = {
  'tickets:read': 'read',
  'tickets:write': 'write',
  'webhooks:manage': 'webhooks',
  'offers:manage': 'offers',
} as const
const KEY_FIELDS: readonly Field[] = [
  {
    name: 'name',
    kind: 'line',
    required: true,
    label: () => wordsOf('keys').name,
    hint: () => wordsOf('keys').nameHint,
  },
  {
    name: 'scopes',
    kind: 'many',
    required: true,
    label: () => wordsOf('keys').scopes,
    options: () =>
      Promise.resolve(
        Object.entries(SCOPES).map(([value, name]) => ({ value, words: wordsOf('keys')[name] })),
      ),
  },
]

export function Keys({ organisation }: { organisation: string }) {
  const text = wordsOf('keys')
  const query = useQuery({ queryKey: ['keys', organisation], queryFn: () => listKeys(organisation) })
  const [made, setMade] = useState('')
  return (
    <section aria-labelledby="keys-title">
      <h3 id="keys-title">{text.title}</h3>
      <p className="muted small">{text.lead}</p>
      {made && (
        <div className="note" role="status">
          <strong className="code ltr break">{made}</strong>
          <p>{text.once}</p>
        </div>
      )}
      <Loaded query={query}>
        {(keys) => (
          <ul className="plain-list">
            {keys.map((key) => (
              <li key={key.id} className="row apart wrap">
                <span>
                  {key.name} <span className="muted small ltr">{key.hint}</span>
                  <br />
                  <span className="muted small">{stateOf(key)}</span>
                </span>
                {!key.revoked_at && (
                  <Confirm
                    words={text.revoke}
                    ask={fill(text.revokeAsk, { name: key.name })}
                    run={async () => {
                      await revokeKey(organisation, key.id)
                      await query.refetch()
                    }}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <Form
        key={query.data?.length ?? 0}
        name={`key:${organisation}`}
        fields={KEY_FIELDS}
        focus={false}
        initial={{ scopes: ['tickets:read', 'tickets:write'] }}
        tone="plain"
        submit={text.make}
        send={async (values) => {
          const fresh = await createKey(organisation, values as unknown as ApiKeyForm, newKey())
          setMade(fresh.key ?? words().office.secretOnce)
          await query.refetch()
        }}
      />
    </section>
  )
}

function stateOf(key: ApiKey): string {
  const text = wordsOf('keys')
  if (key.revoked_at) return fill(text.revoked, { at: formatTime(key.revoked_at) })
  const until = fill(text.until, { at: formatTime(key.expires_at) })
  return [until, key.last_used_at ? fill(text.used, { at: formatTime(key.last_used_at) }) : text.unused].join(
    ' · ',
  )
}
