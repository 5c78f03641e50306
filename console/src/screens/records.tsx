// What is waiting for a decision, and what was done: reviews, unsealings, the audit trail.
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import { fill, labelOf, wordsOf } from '@mini/i18n/index'
import { listAudit } from '@mini/services/audit'
import { decideReview } from '@mini/services/reviews'
import type { Audit, Review, Unsealing } from '@mini/services/shapes'
import { decideUnsealing } from '@mini/services/unsealings'
import { data, GET } from '../api'
import type { ScreenProps } from '../app'
import { Confirm } from '../kit/Confirm'
import { Drawer } from '../kit/Drawer'
import { FactList } from '../kit/Facts'
import { ListScreen } from '../kit/ListScreen'
import type { DetailProps, ListSpec } from '../kit/listSpec'
import { Loading } from '../kit/Message'
import { Photos } from '../kit/Photos'
import { say } from '../kit/Toast'
import { words } from '../words'

const SIZE = 50

const REVIEWS: ListSpec<Review> = {
  name: 'reviews',
  title: () => labelOf('menu', 'reviews'),
  lead: () => wordsOf('review').lead,
  filters: [],
  load: (_, cursor) =>
    data(GET('/api/v1/reviews', { params: { query: { limit: SIZE, ...(cursor ? { cursor } : {}) } } })),
  id: ({ id }) => id,
  label: ({ no }) => no,
  empty: () => ({ title: wordsOf('review').empty, text: wordsOf('review').emptyText }),
  live: true,
  columns: [
    { name: 'what', words: () => words().columns.what, usual: true, cell: ({ category }) => category.name },
    { name: 'where', words: () => words().columns.where, usual: true, cell: ({ place }) => place },
    {
      name: 'text',
      words: () => words().columns.text,
      usual: true,
      wide: true,
      cell: ({ text, kind }) => text ?? labelOf('review', kind),
    },
    {
      name: 'reason',
      words: () => words().columns.reason,
      usual: true,
      cell: ({ reason_name }) => reason_name,
    },
    { name: 'state', words: () => words().columns.state, usual: true, cell: ({ state_name }) => state_name },
    { name: 'at', words: () => words().columns.at, usual: true, cell: ({ at }) => formatTime(at) },
  ],
  Detail: OneReview,
}

function OneReview({ id, row, onDone, onClose }: DetailProps<Review>) {
  const text = wordsOf('review')
  const decide = (decision: 'release' | 'remove') => async (): Promise<void> => {
    const fresh = await decideReview(id, decision)
    say(fresh.state_name)
    onDone(fresh)
  }
  return (
    <Drawer
      title={row ? [row.category.name, row.place].filter(Boolean).join(' · ') : text.title}
      about={id}
      onClose={onClose}
    >
      {row ? (
        <>
          <div className="buttons">
            <Confirm words={text.release} tone="main" run={decide('release')} />
            <Confirm words={text.remove} tone="danger" run={decide('remove')} />
          </div>
          <p className="break">{row.text}</p>
          {row.photo && <Photos photos={[row.photo]} />}
          <FactList
            rows={[
              [words().columns.reason, row.reason_name],
              [words().columns.state, row.state_name],
              [words().columns.at, formatTime(row.at)],
            ]}
          />
          <Link href={`/tickets/${row.ticket_id}`}>{text.ticket}</Link>
        </>
      ) : (
        <Loading />
      )}
    </Drawer>
  )
}

const UNSEALINGS: ListSpec<Unsealing> = {
  name: 'unsealings',
  title: () => labelOf('menu', 'unsealings'),
  lead: () => wordsOf('unseal').lead,
  filters: [
    {
      name: 'status',
      kind: 'choice',
      words: () => words().columns.state,
      choices: () => [{ value: 'pending', words: wordsOf('unseal').pending }],
    },
  ],
  load: ({ status }, cursor) =>
    data(
      GET('/api/v1/unsealings', {
        params: {
          query: {
            limit: SIZE,
            ...(status ? { status: status as never } : {}),
            ...(cursor ? { cursor } : {}),
          },
        },
      }),
    ),
  id: ({ id }) => id,
  label: ({ no }) => no,
  empty: () => ({ title: wordsOf('unseal').empty, text: wordsOf('unseal').emptyText }),
  columns: [
    { name: 'no', words: () => words().columns.no, usual: true, cell: ({ no }) => no },
    {
      name: 'reason',
      words: () => words().columns.reason,
      usual: true,
      wide: true,
      cell: ({ reason }) => reason,
    },
    { name: 'who', words: () => words().columns.who, usual: true, cell: ({ requested_by }) => requested_by },
    {
      name: 'state',
      words: () => words().columns.state,
      usual: true,
      cell: ({ status_name }) => status_name,
    },
    { name: 'at', words: () => words().columns.at, usual: true, cell: ({ at }) => formatTime(at) },
  ],
  Detail: OneUnsealing,
}

function OneUnsealing({ id, row, onDone, onClose }: DetailProps<Unsealing>) {
  const text = wordsOf('unseal')
  const decide = (decision: 'consent' | 'decline') => async (): Promise<void> =>
    onDone(await decideUnsealing(id, decision))
  return (
    <Drawer title={row?.no ?? text.title} about={id} onClose={onClose}>
      {row ? (
        <>
          {row.status === 'pending' && (
            <div className="buttons">
              <Confirm words={text.consent} ask={text.consentAsk} run={decide('consent')} />
              <Confirm words={text.decline} ask={text.declineAsk} run={decide('decline')} />
            </div>
          )}
          <p className="break">{row.reason}</p>
          <FactList
            rows={[
              [words().columns.who, fill(text.by, { who: row.requested_by })],
              [words().columns.state, row.status_name],
              [words().columns.at, fill(text.at, { at: formatTime(row.expires_at) })],
              [
                words().columns.person,
                row.reporter && [row.reporter.name, row.reporter.phone].filter(Boolean).join(' · '),
              ],
            ]}
          />
          <Link href={`/tickets/${row.ticket_id}`}>{text.ticket}</Link>
        </>
      ) : (
        <Loading />
      )}
    </Drawer>
  )
}

const TYPES = [
  'refused',
  'phone_seen',
  'unsealed_seen',
  'setting_changed',
  'invited',
  'post_ended',
  'organisation_changed',
  'key_made',
  'exported',
  'erased',
  'signed_in',
  'sign_in_failed',
] as const

const AUDIT: ListSpec<Audit> = {
  name: 'audit',
  title: () => labelOf('menu', 'audit'),
  lead: () => wordsOf('audit').readonly,
  filters: [
    {
      name: 'type',
      kind: 'choice',
      words: () => wordsOf('audit').kinds,
      choices: () => TYPES.map((type) => ({ value: type, words: wordsOf('audit')[type] })),
    },
    { name: 'ticket', kind: 'search', words: () => wordsOf('audit').ticketHint },
    { name: 'from', kind: 'day', words: () => words().list.from },
    { name: 'to', kind: 'day', words: () => words().list.to },
    { name: 'sign_ins', kind: 'switch', words: () => wordsOf('audit').signed_in },
  ],
  load: ({ type = '', ticket = '', person_id = '', from = '', to = '', sign_ins }, cursor) =>
    listAudit(
      { type, ticket, person_id, from, to, sign_ins: Boolean(sign_ins) || type === 'signed_in' },
      cursor,
    ),
  id: ({ id }) => id,
  label: ({ label }) => label,
  empty: () => ({ title: wordsOf('audit').empty, text: wordsOf('audit').emptyText }),
  columns: [
    { name: 'at', words: () => words().columns.at, usual: true, cell: ({ at }) => formatTime(at) },
    {
      name: 'who',
      words: () => words().columns.who,
      usual: true,
      cell: ({ person }) =>
        person ? [person.post, person.name].filter(Boolean).join(' ') : wordsOf('audit').system,
    },
    {
      name: 'what',
      words: () => words().columns.events,
      usual: true,
      wide: true,
      cell: ({ label }) => label,
    },
    { name: 'subject', words: () => words().columns.subject, usual: true, cell: ({ subject }) => subject },
    {
      name: 'address',
      words: () => words().columns.address,
      usual: true,
      cell: ({ address }) => <span className="ltr">{address}</span>,
    },
  ],
}

export const Reviews = ({ id }: ScreenProps) => <ListScreen spec={REVIEWS} opened={id} />
export const Unsealings = ({ id }: ScreenProps) => <ListScreen spec={UNSEALINGS} opened={id} />
export const AuditTrail = ({ id }: ScreenProps) => <ListScreen spec={AUDIT} opened={id} />
