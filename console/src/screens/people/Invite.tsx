// Inviting somebody to a post: the code is shown once.
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { listOrganisationsAt } from '@mini/services/organisations'
import { createInvitation, type InvitationForm } from '@mini/services/posts'
import type { Invitation, Role } from '@mini/services/shapes'
import { managedPlaces } from '@mini/domain/roles'
import { Drawer } from '../../kit/Drawer'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'

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
  'steward',
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
export function Invite({ onClose }: { onClose: () => void }) {
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
