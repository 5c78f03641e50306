// A company or department: what it serves, its API keys; at the address `new` a new one.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { Link } from 'wouter'
import { fetchCategories } from '@mini/domain/categories'
import { wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { createOrganisation, getOrganisation, updateOrganisation } from '@mini/services/organisations'
import type { Organisation, OrganisationForm } from '@mini/services/shapes'
import { Drawer } from '../../kit/Drawer'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'
import type { DetailProps } from '../../kit/listSpec'
import { Loaded } from '../../kit/Message'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { choicesOf } from '../subjects/spec'
import { Keys } from './Keys'

const DISPATCHED: ReadonlySet<unknown> = new Set(['property', 'department'])
const FIELDS: readonly Field[] = [
  { name: 'name', kind: 'line', required: true, label: () => wordsOf('orgs').name },
  {
    name: 'kind',
    kind: 'choice',
    required: true,
    label: () => wordsOf('orgs').kind,
    options: () => Promise.resolve(choicesOf(words().organisationKinds)),
  },
  { name: 'place_ids', kind: 'places', required: true, label: () => wordsOf('orgs').places },
  {
    name: 'skills',
    kind: 'many',
    when: ({ kind }) => DISPATCHED.has(kind),
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
