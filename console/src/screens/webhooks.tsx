// Webhooks: where events are sent, and what became of each delivery.
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { data, DELETE, GET, PATCH, POST } from '../api'
import type { ScreenProps } from '../app'
import { newKey } from '@mini/platform/idempotencyKey'
import type { components } from '@mini/services/api'
import { Confirm } from '../kit/Confirm'
import { Drawer } from '../kit/Drawer'
import type { Field } from '../kit/fields'
import { Form } from '../kit/Form'
import { ListScreen } from '../kit/ListScreen'
import type { DetailProps, ListSpec } from '../kit/listSpec'
import { say } from '../kit/Toast'
import { words } from '../words'
import { Deliveries } from './webhooks/Deliveries'

type Webhook = components['schemas']['WebhookOut']
function stateOf({ active, failing_since, disabled_for }: Webhook): string {
  const text = words().office
  if (!active) return [text.disabled, disabled_for].filter(Boolean).join(' · ')
  return failing_since ? fill(text.failing, { at: formatTime(failing_since) }) : text.active
}

const SPEC: ListSpec<Webhook> = {
  name: 'webhooks',
  title: () => words().screens.webhooks,
  filters: [],
  load: (_, cursor) =>
    data(GET('/api/v1/webhooks', { params: { query: { limit: 50, ...(cursor ? { cursor } : {}) } } })),
  id: ({ id }) => id,
  label: ({ url }) => url,
  empty: () => ({ title: wordsOf('common').emptyTitle }),
  columns: [
    {
      name: 'url',
      words: () => words().columns.url,
      usual: true,
      wide: true,
      cell: ({ url }) => <span className="ltr">{url}</span>,
    },
    {
      name: 'events',
      words: () => words().columns.events,
      usual: true,
      cell: ({ events }) => events.join(' '),
    },
    { name: 'state', words: () => words().columns.state, usual: true, cell: stateOf },
    {
      name: 'created',
      words: () => words().columns.at,
      usual: true,
      cell: ({ created_at }) => formatTime(created_at),
    },
  ],
  Detail: OneWebhook,
  Actions: () => (
    <Link className="btn main" href="/webhooks/new">
      {words().office.addWebhook}
    </Link>
  ),
}

export const Webhooks = ({ id }: ScreenProps) => <ListScreen spec={SPEC} opened={id} />

const FIELDS: readonly Field[] = [
  { name: 'url', kind: 'line', required: true, label: () => words().columns.url, hint: () => 'https://' },
]

function Secret({ value }: { value: string }) {
  return value ? (
    <div className="note" role="status">
      <strong className="code ltr break">{value}</strong>
      <p>{words().office.secretOnce}</p>
    </div>
  ) : null
}

function OneWebhook({ id, row, onChange, onClose }: DetailProps<Webhook>) {
  const client = useQueryClient()
  const [secret, setSecret] = useState('')
  const key = useRef(newKey())
  const text = words().office
  const path = { webhook_id: id }
  const renew = (): void => {
    void client.invalidateQueries({ queryKey: ['webhooks'] })
    void client.invalidateQueries({ queryKey: ['deliveries', id] })
  }
  if (id === 'new')
    return (
      <Drawer title={text.addWebhook} about={id} onClose={onClose}>
        <Secret value={secret} />
        <Form
          name="webhook:new"
          fields={FIELDS}
          submit={wordsOf('common').save}
          send={async ({ url }) => {
            const made = await data(
              POST('/api/v1/webhooks', {
                body: { url: url as string, events: ['ticket.*'] },
                headers: { 'Idempotency-Key': key.current },
              } as never),
            )
            setSecret((made as components['schemas']['WebhookMadeOut']).secret)
            key.current = newKey()
            renew()
          }}
        />
      </Drawer>
    )
  return (
    <Drawer title={row?.url ?? words().screens.webhooks} about={id} onClose={onClose}>
      <Secret value={secret} />
      {row && (
        <div className="buttons">
          <Confirm
            words={text.test}
            tone="main"
            run={async () => {
              await POST('/api/v1/webhooks/{webhook_id}/test', { params: { path } })
              renew()
            }}
          />
          <Confirm
            words={text.rotate}
            run={async () => {
              setSecret(
                (await data(POST('/api/v1/webhooks/{webhook_id}/rotate', { params: { path } }))).secret,
              )
            }}
          />
          <Confirm
            words={row.active ? text.disabled : text.active}
            run={async () => {
              onChange(
                await data(
                  PATCH('/api/v1/webhooks/{webhook_id}', { params: { path }, body: { active: !row.active } }),
                ),
              )
            }}
          />
          <Confirm
            words={text.remove}
            tone="danger"
            ask={text.removeAsk}
            run={async () => {
              await DELETE('/api/v1/webhooks/{webhook_id}', { params: { path } })
              say(text.saved)
              renew()
              onClose()
            }}
          />
        </div>
      )}
      <Deliveries webhook={id} />
    </Drawer>
  )
}
