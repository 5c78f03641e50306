// The acts that can be done on many tickets, and the fields of each. Never resolve, reject or settle.
import { fetchCategories } from '@mini/domain/categories'
import { labelOf } from '@mini/i18n/index'
import { listForDispatch } from '@mini/services/organisations'
import type { Ticket } from '@mini/services/shapes'
import { listGridChoices } from '@mini/services/tickets'
import type { Field } from '../../../kit/fields'
import { words } from '../../../words'

export const ACTIONS = ['dispatch', 'reassign', 'recategorise', 'comment', 'note', 'follow'] as const
export type Name = (typeof ACTIONS)[number]

export const nameOf = (name: Name): string =>
  name === 'follow' ? words().act.follow : labelOf('action', name)

const text: Field = { name: 'text', kind: 'text', required: true, words: 'textComment' }
const FIELDS: Readonly<Record<Name, (first: Ticket) => readonly Field[]>> = {
  dispatch: (first) => [
    {
      name: 'organisation_id',
      kind: 'choice',
      required: true,
      options: async () =>
        (await listForDispatch(first.id, first.category.code)).map(({ id, name }) => ({
          value: id,
          words: name,
        })),
    },
    { name: 'note', kind: 'text', words: 'noteDispatch' },
  ],
  reassign: (first) => [
    {
      name: 'grid_id',
      kind: 'choice',
      required: true,
      words: 'gridRight',
      options: async () =>
        (await listGridChoices(first.id)).map(({ id, label }) => ({ value: id, words: label })),
    },
  ],
  recategorise: () => [
    {
      name: 'category',
      kind: 'choice',
      required: true,
      options: async () => (await fetchCategories()).map(({ code, name }) => ({ value: code, words: name })),
    },
    { name: 'reason', kind: 'text', required: true },
  ],
  comment: () => [text],
  note: () => [{ ...text, words: 'textNote' }],
  follow: () => [],
}

/** `first` says whom and where to: companies and grids are those that can have it. */
export const fieldsOf = (name: Name, first: Ticket): readonly Field[] => FIELDS[name](first)
