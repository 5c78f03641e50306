// One ticket beside its list: what can be done, what is known, what happened.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { announce } from '@mini/domain/actionResult'
import { formOf, sortActions } from '@mini/domain/forms'
import { performAction } from '@mini/domain/performAction'
import { workbenchAction } from '@mini/domain/workbench'
import { labelOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { Problem as Refusal } from '@mini/platform/problem'
import type { Ticket } from '@mini/services/shapes'
import { getTicket, listEvents } from '@mini/services/tickets'
import { ActForm } from '../../kit/ActForm'
import { Drawer } from '../../kit/Drawer'
import { useKeys } from '../../kit/keys'
import type { DetailProps } from '../../kit/listSpec'
import { Failed, Loading, Problem } from '../../kit/Message'
import { Timeline } from '../../kit/Timeline'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { Facts } from './Facts'
import { Related } from './Related'
import { Unsealing } from './Unsealing'
import { Work } from './Work'

const RENEW = 15_000 // milliseconds

export function TicketDrawer({ id, row, onChange, onDone, onClose }: DetailProps<Ticket>) {
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['ticket', id],
    queryFn: () => getTicket(id),
    placeholderData: row,
    refetchInterval: RENEW,
  })
  const ticket = query.data
  const events = useQuery({
    queryKey: ['events', id, ticket?.updated_at, ticket?.latest?.seq],
    queryFn: () => listEvents(id),
    placeholderData: (before) => before,
    enabled: Boolean(ticket),
  })
  // What somebody else has done shows in the list too.
  useEffect(() => {
    if (query.data && row && query.data.updated_at !== row.updated_at) onChange(query.data)
  }, [query.data, row, onChange])
  const show = (fresh: Ticket): void => {
    client.setQueryData(['ticket', id], fresh)
    onChange(fresh)
  }
  const done = (fresh: Ticket): void => {
    client.setQueryData(['ticket', id], fresh)
    void client.invalidateQueries({ queryKey: ['counts'] })
    onDone(fresh)
  }
  const title = ticket
    ? [ticket.category.name, ticket.place?.label].filter(Boolean).join(' · ')
    : words().ticket.open
  return (
    <Drawer title={title} about={id} onClose={onClose} actions={ticket && <Links ticket={ticket} />}>
      {ticket ? (
        <>
          <Acts key={id} ticket={ticket} onChange={show} onDone={done} />
          <Facts ticket={ticket} />
          <Unsealing key={`unseal:${id}`} ticket={ticket} />
          <Work ticket={ticket} />
          <section aria-labelledby="timeline-title">
            <h3 id="timeline-title">{labelOf('ticket', 'timeline')}</h3>
            {events.data ? <Timeline events={events.data} /> : <Loading />}
          </section>
          <Related ticket={ticket} />
        </>
      ) : query.error ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
    </Drawer>
  )
}

function Links({ ticket }: { ticket: Ticket }) {
  const text = words().ticket
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(`${location.origin}/console/tickets/${ticket.id}`)
    say(text.copied)
  }
  return (
    <>
      <Link className="btn plain small" href={`/order/${ticket.id}`}>
        {text.order}
      </Link>
      <button type="button" className="btn plain small" onClick={() => void copy()}>
        {text.copy}
      </button>
    </>
  )
}

interface ActsProps {
  ticket: Ticket
  onChange: (ticket: Ticket) => void
  onDone: (ticket: Ticket) => void
}

/** The acts the server offers; the digits choose one. An act without a form is done at once. */
function Acts({ ticket, onChange, onDone }: ActsProps) {
  const [action, setAction] = useState('')
  const [error, setError] = useState<unknown>()
  const actions = actionsOf(ticket)
  async function choose(name: string): Promise<void> {
    setError(undefined)
    const { fields, ask } = formOf(name)
    if (fields.length || ask) return setAction(name)
    try {
      const fresh = await performAction(ticket, name, {}, newKey())
      announce(name, fresh)
      onDone(fresh)
    } catch (refusal) {
      setError(refusal)
      if (refusal instanceof Refusal && refusal.status === 409) onChange(await getTicket(ticket.id))
    }
  }
  useKeys(Object.fromEntries(actions.slice(0, 9).map((name, n) => [String(n + 1), () => void choose(name)])))
  return (
    <section className="acts" aria-label={words().groups.work}>
      {!actions.length && <p className="muted">{words().ticket.nothing}</p>}
      <div className="buttons">
        {actions.map((name, n) => (
          <button
            key={name}
            type="button"
            className={`btn small ${n === 0 ? 'main' : formOf(name).tone === 'danger' ? 'danger' : 'plain'}`}
            aria-expanded={formOf(name).fields.length ? action === name : undefined}
            title={labelOf('why', name, '')}
            onClick={() => void choose(name)}
          >
            {labelOf('action', name)}
          </button>
        ))}
      </div>
      <Problem error={error} />
      {action && (
        <ActForm
          key={action}
          ticket={ticket}
          action={action}
          onChange={onChange}
          onDone={(fresh) => {
            setAction('')
            onDone(fresh)
          }}
          onCancel={() => setAction('')}
        />
      )}
    </section>
  )
}

/** As the workbench names them; a comment is offered as an internal note too. */
function actionsOf(ticket: Ticket): string[] {
  const names = sortActions(ticket.actions.map((action) => workbenchAction(ticket, action)))
  return names.flatMap((name) => (name === 'comment' ? ['note', name] : [name]))
}
