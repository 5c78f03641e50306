// A post: its absence, its end; at the address `new` an invitation.
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { absenceText } from '@mini/domain/absence'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { listOrganisationsAt } from '@mini/services/organisations'
import { createInvitation, endPost, type InvitationForm, markAbsent } from '@mini/services/posts'
import type { Invitation, Post, Role } from '@mini/services/shapes'
import { managedPlaces } from '@mini/domain/roles'
import { Confirm } from '../../kit/Confirm'
import { Drawer } from '../../kit/Drawer'
import { FactList } from '../../kit/Facts'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'
import type { DetailProps } from '../../kit/listSpec'
import { Loading } from '../../kit/Message'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { Meanwhile } from './Meanwhile'

export function PostDrawer({ id, row, onChange, onClose }: DetailProps<Post>) {
  if (id === 'new') return <Invite onClose={onClose} />
  return (
    <Drawer title={row?.label ?? words().screens.posts} about={id} onClose={onClose}>
      {row ? <OnePost post={row} onChange={onChange} onClose={onClose} /> : <Loading />}
    </Drawer>
  )
}

const DAYS: readonly Field[] = [
  { name: 'absent_from', kind: 'day', required: true, label: () => words().office.from },
  { name: 'absent_until', kind: 'day', label: () => words().office.until },
]

function OnePost({
  post,
  onChange,
  onClose,
}: {
  post: Post
  onChange: (post: Post) => void
  onClose: () => void
}) {
  const client = useQueryClient()
  const text = wordsOf('posts')
  const away = absenceText(post)
  const gone = async (): Promise<void> => {
    await endPost(post.id)
    say(post.person ? text.ended : text.revoked)
    void client.invalidateQueries({ queryKey: ['posts'] })
    onClose()
  }
  return (
    <>
      <FactList
        rows={[
          [words().columns.person, post.person?.name],
          [words().columns.state, away || (post.person ? wordsOf('office').on : text.vacant)],
          [wordsOf('posts').invite, post.invitation_until && formatTime(post.invitation_until)],
        ]}
      />
      {post.person && (
        <section aria-labelledby="absence-title" className="form">
          <h3 id="absence-title">{text.absent}</h3>
          <Form
            key={`${post.id}${post.absent_from}`}
            name={`absence:${post.id}`}
            fields={DAYS}
            focus={false}
            initial={{ absent_from: post.absent_from ?? '', absent_until: post.absent_until ?? '' }}
            submit={wordsOf('common').save}
            send={async ({ absent_from, absent_until }) => {
              const days = {
                absent_from: absent_from as string,
                absent_until: (absent_until as string) || null,
              }
              onChange(await markAbsent(post.id, days))
              say(wordsOf('office').saved)
            }}
          />
          {away && post.role === 'head' && <Meanwhile post={post} />}
          {away && (
            <Confirm
              words={text.back}
              run={async () => {
                onChange(await markAbsent(post.id, { absent_from: null, absent_until: null }))
                say(wordsOf('office').backSaved)
              }}
            />
          )}
        </section>
      )}
      <Confirm
        words={post.person ? text.end : text.revoke}
        tone="danger"
        ask={fill(post.person ? text.endAsk : text.revokeAsk, { label: post.label })}
        run={gone}
      />
    </>
  )
}

const GRID_AND_OFFICE: readonly Role[] = [
  'head',
  'deputy',
  'member',
  'duty',
  'community',
  'street',
  'auditor',
  'admin',
  'agent',
]
const FIELDS: readonly Field[] = [
  {
    name: 'role',
    kind: 'choice',
    required: true,
    label: () => wordsOf('invite').role,
    options: () =>
      Promise.resolve(GRID_AND_OFFICE.map((role) => ({ value: role, words: wordsOf('role')[role] }))),
  },
]
const PLACE: Field = { name: 'place', kind: 'place', required: true, label: () => wordsOf('invite').where }
const COMPANY: Field = {
  name: 'organisation_id',
  kind: 'choice',
  required: true,
  label: () => wordsOf('invite').company,
  options: async () =>
    (await listOrganisationsAt(managedPlaces()[0] ?? '')).map(({ id, name }) => ({ value: id, words: name })),
}

/** The code is shown once; whoever has it takes the post. */
function Invite({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const text = wordsOf('invite')
  const [made, setMade] = useState<Invitation | null>(null)
  const [isAgent, setAgent] = useState(new URLSearchParams(location.search).get('role') === 'agent')
  const key = useRef(newKey())
  return (
    <Drawer title={text.title} about="new" onClose={onClose}>
      {made && (
        <div className="note" role="status">
          <p>
            <strong className="code ltr">{made.invitation_code}</strong>
          </p>
          <p>{fill(text.once, { at: formatTime(made.invitation_until ?? '') })}</p>
          <p>{text.how}</p>
        </div>
      )}
      <label className="check">
        <input type="checkbox" checked={isAgent} onChange={() => setAgent(!isAgent)} />
        {wordsOf('role').agent}
      </label>
      <Form
        key={String(isAgent)}
        name={`invite:${isAgent}`}
        fields={isAgent ? [COMPANY] : [...FIELDS, PLACE]}
        submit={text.make}
        send={async (values) => {
          const form = isAgent
            ? { role: 'agent', organisation_id: values['organisation_id'] }
            : { role: values['role'], place_id: (values['place'] as { id: string }).id }
          setMade(await createInvitation(form as InvitationForm, key.current))
          key.current = newKey()
          void client.invalidateQueries({ queryKey: ['posts'] })
        }}
      />
    </Drawer>
  )
}
