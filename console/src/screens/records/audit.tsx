// The audit trail: what was done, by whom, to what.
import { AUDIT_TYPES } from '@mini/domain/auditTypes'
import { formatTime } from '@mini/domain/time'
import { labelOf, wordsOf } from '@mini/i18n/index'
import { listAudit } from '@mini/services/audit'
import type { Audit } from '@mini/services/shapes'
import type { ScreenProps } from '../../app'
import { ListScreen } from '../../kit/ListScreen'
import type { ListSpec } from '../../kit/listSpec'
import { words } from '../../words'

const AUDIT: ListSpec<Audit> = {
  name: 'audit',
  title: () => labelOf('menu', 'audit'),
  lead: () => wordsOf('audit').readonly,
  filters: [
    {
      name: 'type',
      kind: 'choice',
      words: () => wordsOf('audit').kinds,
      choices: () => AUDIT_TYPES.map((type) => ({ value: type, words: wordsOf('audit')[type] })),
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

export const AuditTrail = ({ id }: ScreenProps) => <ListScreen spec={AUDIT} opened={id} />
