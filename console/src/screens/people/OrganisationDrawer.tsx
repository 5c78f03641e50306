// A company or department: what it serves, its API keys; at the address `new` a new one.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { fetchCategories } from '@mini/domain/categories'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import {
  createKey,
  createOrganisation,
  getOrganisation,
  listKeys,
  revokeKey,
  updateOrganisation,
} from '@mini/services/organisations'
import type { ApiKey, ApiKeyForm, Organisation, OrganisationForm } from '@mini/services/shapes'
import { Confirm } from '../../kit/Confirm'
import { Drawer } from '../../kit/Drawer'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'
import type { DetailProps } from '../../kit/listSpec'
import { Loaded } from '../../kit/Message'
import { say } from '../../kit/Toast'
import { words } from '../../words'

const KINDS = ['property', 'department'] as const
const FIELDS: readonly Field[] = [
  { name: 'name', kind: 'line', required: true, label: () => wordsOf('orgs').name },
  {
    name: 'kind',
    kind: 'choice',
    required: true,
    label: () => wordsOf('orgs').kind,
    options: () => Promise.resolve(KINDS.map((kind) => ({ value: kind, words: wordsOf('orgs')[kind] }))),
  },
  { name: 'place_ids', kind: 'places', required: true, label: () => wordsOf('orgs').places },
  {
    name: 'skills',
    kind: 'many',
    label: () => wordsOf('orgs').skills,
    options: async () => {
      const skills = new Map<string, string[]>()
      for (const { skill, name } of await fetchCategories())
        skills.set(skill, [...(skills.get(skill) ?? []), name])
      return [...skills].map(([value, names]) => ({ value, words: names.join('、') }))
    },
  },
]

export function OrganisationDrawer({ id, onClose }: DetailProps<Organisation>) {
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['organisation', id],
    queryFn: () => getOrganisation(id),
    enabled: id !== 'new',
  })
  const key = useRef(newKey())
  const saved = async (): Promise<void> => {
    say(wordsOf('orgs').saved)
    await client.invalidateQueries({ queryKey: ['organisation', id] })
    void client.invalidateQueries({ queryKey: ['organisations'] })
  }
  if (id === 'new')
    return (
      <Drawer title={wordsOf('orgs').add} about={id} onClose={onClose}>
        <Form
          name="organisation:new"
          fields={FIELDS}
          initial={{ kind: 'property' }}
          submit={wordsOf('common').save}
          send={async (values) => {
            await createOrganisation(values as unknown as OrganisationForm, key.current)
            await saved()
            onClose()
          }}
        />
      </Drawer>
    )
  return (
    <Drawer title={query.data?.name ?? wordsOf('orgs').edit} about={id} onClose={onClose}>
      <Loaded query={query}>
        {({ name, kind, place_ids, skills, changeable }) => (
          <>
            {changeable ? (
              <Form
                key={id}
                name={`organisation:${id}`}
                fields={FIELDS}
                focus={false}
                initial={{ name, kind, place_ids, skills }}
                submit={wordsOf('common').save}
                send={async (values) => {
                  await updateOrganisation(id, values)
                  await saved()
                }}
              />
            ) : (
              <p className="note">{wordsOf('orgs').theirs}</p>
            )}
            <Link className="btn plain" href="/posts/new?role=agent">
              {wordsOf('orgs').agents}
            </Link>
            {changeable && <Keys organisation={id} />}
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

const SCOPES = { 'tickets:read': 'read', 'tickets:write': 'write', 'webhooks:manage': 'webhooks' } as const
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

function Keys({ organisation }: { organisation: string }) {
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
