// An office's canned replies: written, found by words or pinyin initials, changed, deleted.
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { Link } from 'wouter'
import { fetchCategories } from '@mini/domain/categories'
import { labelOf, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import type { ActionValues } from '@mini/domain/types'
import { data, DELETE, GET, PATCH, POST } from '../api'
import type { ScreenProps } from '../app'
import { Confirm } from '../kit/Confirm'
import { Drawer } from '../kit/Drawer'
import type { Field } from '../kit/fields'
import { Form } from '../kit/Form'
import { ListScreen } from '../kit/ListScreen'
import type { DetailProps, ListSpec } from '../kit/listSpec'
import { say } from '../kit/Toast'
import { type Reply, REPLY_ACTIONS } from '../replies'
import { words } from '../words'

const text = () => words().replies

const SPEC: ListSpec<Reply> = {
  name: 'replies',
  title: () => words().screens.replies,
  lead: () => text().lead,
  filters: [{ name: 'q', kind: 'search', words: () => words().list.search, hint: () => text().hint }],
  load: (filters, cursor) =>
    data(
      GET('/api/v1/replies', {
        params: { query: { limit: 50, ...filters, ...(cursor ? { cursor } : {}) } },
      }),
    ),
  id: ({ id }) => id,
  label: (reply) => reply.text,
  empty: () => ({ title: text().empty }),
  columns: [
    {
      name: 'action',
      words: () => text().action,
      usual: true,
      cell: ({ action }) => labelOf('action', action),
    },
    { name: 'text', words: () => text().text, usual: true, wide: true, cell: (reply) => reply.text },
    {
      name: 'office',
      words: () => text().office,
      usual: true,
      cell: ({ office }) => office ?? text().shipped,
    },
  ],
  Detail: OneReply,
  Actions: () => (
    <Link className="btn main" href="/replies/new">
      {text().add}
    </Link>
  ),
}

export const Replies = ({ id }: ScreenProps) => <ListScreen spec={SPEC} opened={id} />

const FIELDS: readonly Field[] = [
  {
    name: 'action',
    kind: 'choice',
    required: true,
    label: () => text().action,
    options: () =>
      Promise.resolve(REPLY_ACTIONS.map((value) => ({ value, words: labelOf('action', value) }))),
  },
  {
    name: 'category',
    kind: 'choice',
    label: () => text().category,
    options: async () => (await fetchCategories()).map(({ code, name }) => ({ value: code, words: name })),
  },
  { name: 'text', kind: 'text', required: true, label: () => text().text, hint: () => text().example },
]

const bodyOf = ({ action, category, text: said }: ActionValues) => ({
  action,
  category: category || null,
  text: said,
})

function OneReply({ id, row, onChange, onClose }: DetailProps<Reply>) {
  const client = useQueryClient()
  const key = useRef(newKey())
  const path = { reply_id: id }
  async function done(): Promise<void> {
    say(text().saved)
    await client.invalidateQueries({ queryKey: ['replies'] })
    onClose()
  }
  if (id === 'new')
    return (
      <Drawer title={text().add} about={id} onClose={onClose}>
        <Form
          name="reply:new"
          fields={FIELDS}
          submit={wordsOf('common').save}
          send={async (values) => {
            const headers = { 'Idempotency-Key': key.current }
            await data(POST('/api/v1/replies', { body: bodyOf(values), headers } as never))
            key.current = newKey()
            await done()
          }}
        />
      </Drawer>
    )
  return (
    <Drawer title={row ? labelOf('action', row.action) : text().text} about={id} onClose={onClose}>
      {row && !row.mine && (
        <>
          <p className="break">{row.text}</p>
          <p className="muted">{text().theirs}</p>
        </>
      )}
      {row?.mine && (
        <>
          <Form
            key={row.version}
            name={`reply:${id}:${row.version}`}
            fields={FIELDS}
            initial={{ action: row.action, category: row.category ?? '', text: row.text }}
            submit={wordsOf('common').save}
            send={async (values) => {
              const body = { ...bodyOf(values), version: row.version }
              onChange(await data(PATCH('/api/v1/replies/{reply_id}', { params: { path }, body } as never)))
              say(text().saved)
            }}
          />
          <Confirm
            words={words().office.remove}
            tone="danger"
            ask={text().removeAsk}
            run={async () => {
              await DELETE('/api/v1/replies/{reply_id}', { params: { path } })
              await done()
            }}
          />
        </>
      )}
    </Drawer>
  )
}
