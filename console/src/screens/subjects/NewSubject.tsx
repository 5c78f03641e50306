// The form of a new subject, in the drawer at the address `new`.
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useLocation, useSearch } from 'wouter'
import { newKey } from '@mini/platform/idempotencyKey'
import { asQuery, readAddress } from '../../kit/address'
import { Drawer } from '../../kit/Drawer'
import { Form } from '../../kit/Form'
import { say } from '../../kit/Toast'
import { createSubject, type Subject } from '../../subjects'
import { atField } from './Acts'
import { screenOf, type SubjectSpec } from './spec'

interface Props<S extends Subject> {
  spec: SubjectSpec<S>
  onClose: () => void
}

export function NewSubject<S extends Subject>({ spec, onClose }: Props<S>) {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const filters = readAddress(useSearch())
  const key = useRef(newKey())
  const { path } = spec
  const screen = screenOf(spec)
  return (
    <Drawer title={spec.texts().add} about="new" onClose={onClose}>
      <Form
        name={`${screen}:new:${asQuery(filters)}`}
        fields={spec.fields(filters)}
        initial={spec.initial(filters)}
        submit={spec.texts().add}
        {...(spec.beside ? { beside: spec.beside } : {})}
        send={async (values) => {
          const made = await createSubject<S>(path, spec.body(values, filters), key.current).catch(
            (error: unknown) => {
              throw atField(error, spec.refusedAt)
            },
          )
          key.current = newKey()
          say(spec.texts().added)
          await client.invalidateQueries({ queryKey: [screen] })
          const query = asQuery(filters)
          navigate(`/${screen}/${made.id}${query ? `?${query}` : ''}`, { replace: true })
        }}
      />
    </Drawer>
  )
}
