// Drafting a bulletin: of which community, of which quarter.
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { today } from '@mini/domain/dates'
import { managedPlaces } from '@mini/domain/roles'
import { newKey } from '@mini/platform/idempotencyKey'
import { data, POST } from '../../api'
import { Drawer } from '../../kit/Drawer'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'
import type { DetailProps } from '../../kit/listSpec'
import { officesOf } from '../../kit/Office'
import { say } from '../../kit/Toast'
import { useMe } from '../../session'
import { words } from '../../words'
import type { components } from '@mini/services/api'

const MOST_QUARTERS = 5

/** The quarters one may draft, this one last: a bulletin is mostly of the one before. */
function quarters(): string[] {
  const [year, month] = today().split('-').map(Number) as [number, number]
  const now = year * 4 + Math.floor((month - 1) / 3)
  const some = Array.from({ length: MOST_QUARTERS - 1 }, (_, n) => now - 1 - n)
  return [...some, now].map((quarter) => `${Math.floor(quarter / 4)}Q${(quarter % 4) + 1}`)
}

export function NewBulletin({ id, onClose }: DetailProps<components['schemas']['BulletinRef']>) {
  const own = managedPlaces(useMe())
  const client = useQueryClient()
  const key = useRef(newKey())
  const fields: readonly Field[] = [
    {
      name: 'place_id',
      kind: 'choice',
      required: true,
      label: () => words().office.where,
      options: async () =>
        (await Promise.all(own.map((place) => officesOf(place, true)))).flat().map((place, n) => ({
          value: place.id,
          words: place.label,
          preselected: n === 0,
        })),
    },
    {
      name: 'quarter',
      kind: 'choice',
      required: true,
      label: () => words().bulletins.quarter,
      options: () =>
        Promise.resolve(quarters().map((value, n) => ({ value, words: value, preselected: !n }))),
    },
  ]
  return (
    <Drawer title={words().bulletins.add} about={id} onClose={onClose}>
      <Form
        name="bulletin:new"
        fields={fields}
        submit={words().bulletins.add}
        send={async (values) => {
          await data(
            POST('/api/v1/bulletins', {
              body: { place_id: String(values['place_id']), quarter: String(values['quarter']) },
              headers: { 'Idempotency-Key': key.current },
            } as never),
          )
          key.current = newKey()
          say(words().bulletins.added)
          await client.invalidateQueries({ queryKey: ['bulletins'] })
          onClose()
        }}
      />
    </Drawer>
  )
}
