// One act for many tickets: each with its own version and its own answer. Never resolve, reject or settle.
import { useRef, useState } from 'react'
import { fetchCategories } from '@mini/domain/categories'
import { listForDispatch } from '@mini/services/organisations'
import type { ActionValues } from '@mini/domain/types'
import { fill, labelOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import type { Ticket } from '@mini/services/shapes'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'
import { type BulkAction, type BulkItem, postActs } from '../../office'
import { words } from '../../words'

const MOST = 100 // tickets in one request
const ACTIONS = ['dispatch', 'recategorise', 'comment', 'note', 'follow'] as const
type Name = (typeof ACTIONS)[number]

const nameOf = (name: Name): string => (name === 'follow' ? words().act.follow : labelOf('action', name))

const text: Field = { name: 'text', kind: 'text', required: true, words: 'textComment' }
const fieldsOf = (name: Name, first: Ticket): readonly Field[] =>
  ({
    dispatch: [
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
    ] satisfies Field[],
    recategorise: [
      {
        name: 'category',
        kind: 'choice',
        required: true,
        options: async () =>
          (await fetchCategories()).map(({ code, name }) => ({ value: code, words: name })),
      },
      { name: 'reason', kind: 'text', required: true },
    ] satisfies Field[],
    comment: [text],
    note: [{ ...text, words: 'textNote' }],
    follow: [],
  })[name]

interface Props {
  rows: Ticket[]
  clear: () => void
  onChange: (ticket: Ticket) => void
}

export function Bulk({ rows, clear, onChange }: Props) {
  const [name, setName] = useState<Name | ''>('')
  const [failed, setFailed] = useState<BulkItem[]>([])
  const key = useRef(newKey())
  async function send(values: ActionValues): Promise<void> {
    const action: BulkAction = name === 'note' ? 'comment' : (name as BulkAction)
    const body = { ...values, ...(name === 'note' ? { internal: true } : {}) }
    const { items } = await postActs(action, rows.slice(0, MOST), body, key.current)
    key.current = newKey()
    for (const { ticket } of items) if (ticket) onChange(ticket)
    setFailed(items.filter(({ problem }) => problem))
    setName('')
    if (items.every(({ problem }) => !problem)) clear()
  }
  return (
    <section className="bulk" aria-label={fill(words().list.selected, { n: rows.length })}>
      <p className="strong" role="status">
        {fill(words().list.selected, { n: rows.length })}
      </p>
      <div className="buttons">
        {ACTIONS.map((each) => (
          <button
            key={each}
            type="button"
            className="btn plain small"
            aria-expanded={name === each}
            onClick={() => setName(name === each ? '' : each)}
          >
            {nameOf(each)}
          </button>
        ))}
        <button type="button" className="btn text small" onClick={clear}>
          {words().list.clearSelection}
        </button>
      </div>
      {name && (
        <div className="act-form grow">
          <Form
            key={name}
            name={`bulk:${name}`}
            fields={fieldsOf(name, rows[0]!)}
            ticket={rows[0]}
            submit={`${nameOf(name)}（${Math.min(rows.length, MOST)}）`}
            send={send}
            onCancel={() => setName('')}
          />
        </div>
      )}
      {failed.length > 0 && (
        <ul className="note late" role="alert">
          {failed.map(({ id, problem }) => (
            <li key={id}>
              {rows.find((row) => row.id === id)?.no}：{problem?.detail ?? problem?.title}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
