// A telephone call or a walk-in, typed while somebody is speaking: the address first, then what, then who.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { fetchCategories } from '@mini/domain/categories'
import type { ActionValues, Shot } from '@mini/domain/types'
import { fill, labelOf, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import type { Ticket, TicketForm } from '@mini/services/shapes'
import { createTicket, listTickets } from '@mini/services/tickets'
import type { Field } from '../kit/fields'
import { Form } from '../kit/Form'
import { Screen } from '../kit/Screen'
import { words } from '../words'

const LISTS = ['work', 'tickets', 'counts'] // what has the new ticket, when one goes back to it
const WAYS = ['call', 'walk_in', 'visit', 'patrol'] as const
const categories = async () =>
  (await fetchCategories()).map(({ code, name }) => ({ value: code, words: name }))

const FIELDS: readonly Field[] = [
  { name: 'place', kind: 'place', required: true, label: () => words().register.where },
  {
    name: 'place_note',
    kind: 'line',
    label: () => words().register.note,
    hint: () => labelOf('report', 'noteHint'),
  },
  {
    name: 'category',
    kind: 'choice',
    required: true,
    options: categories,
    label: () => words().register.category,
  },
  { name: 'description', kind: 'text', required: true, label: () => words().register.text },
  { name: 'channel', kind: 'choice', required: true, options: WAYS, label: () => words().register.way },
  { name: 'name', kind: 'line', label: () => words().register.name, hint: () => wordsOf('behalf').nameHint },
  {
    name: 'phone',
    kind: 'line',
    label: () => words().register.phone,
    hint: () => wordsOf('behalf').phoneHint,
  },
  { name: 'photo_ids', kind: 'photos' },
]

export function Register() {
  const [round, setRound] = useState({ key: newKey(), done: null as Ticket | null })
  const client = useQueryClient()
  const text = words().register
  async function send(values: ActionValues): Promise<void> {
    const ticket = await createTicket(reportOf(values), round.key)
    setRound({ key: newKey(), done: ticket })
    for (const name of LISTS) void client.invalidateQueries({ queryKey: [name] })
  }
  return (
    <Screen title={words().screens.register} lead={text.lead}>
      {round.done && (
        <p className="note" role="status">
          {fill(text.done, { no: round.done.no, holder: round.done.holder?.label ?? '' })}{' '}
          <Link href={`/tickets/${round.done.id}`}>{words().ticket.open}</Link>
        </p>
      )}
      <div className="columns-form">
        <div className="card">
          <Form
            key={round.key}
            name="register"
            fields={FIELDS}
            initial={{ channel: 'call' }}
            submit={text.submit}
            send={send}
            beside={(values) => <Same values={values} />}
          />
        </div>
      </div>
    </Screen>
  )
}

function reportOf(values: ActionValues): TicketForm {
  const { place, place_note, category, description, channel, name, phone, photo_ids } = values
  const typed = (value: unknown): string | null => (typeof value === 'string' && value.trim()) || null
  const { id, rest } = place as { id: string; rest?: string | null }
  const saw = channel === 'patrol'
  return {
    category: category as string,
    place_id: id,
    description: description as string,
    channel: channel as NonNullable<TicketForm['channel']>,
    ...((typed(place_note) ?? rest) ? { place_note: typed(place_note) ?? rest } : {}), // 944号4单元3楼: the floor
    ...(saw ? {} : { on_behalf_of: { name: typed(name), phone: typed(phone) } }),
    photo_ids: ((photo_ids ?? []) as Shot[]).map(({ id }) => id!),
  } as TicketForm
}

const MOST = '5'

/** What is open there already, and the emergency number of a danger. */
function Same({ values }: { values: ActionValues }) {
  const place = (values['place'] as { id: string } | undefined)?.id
  const code = values['category'] as string | undefined
  const { data } = useQuery({
    queryKey: ['same', place, code],
    queryFn: () => listTickets('all', null, { place_id: place!, category: code!, limit: MOST }),
    enabled: Boolean(place && code),
  })
  const all = useQuery({ queryKey: ['categories'], queryFn: fetchCategories, staleTime: 600_000 })
  const emergency = all.data?.find((each) => each.code === code)?.emergency_phone
  const open = data?.items.filter(({ status }) => !['closed', 'rejected', 'merged'].includes(status)) ?? []
  return (
    <div aria-live="polite">
      {emergency && <p className="note late">{fill(words().register.emergency, { phone: emergency })}</p>}
      {open.length > 0 && (
        <div className="note soon">
          <p className="strong">{words().register.same}</p>
          <ul className="plain-list">
            {open.map((ticket) => (
              <li key={ticket.id}>
                <Link href={`/tickets/${ticket.id}`}>
                  {ticket.no} · {ticket.status_name} · {ticket.description ?? ''}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
