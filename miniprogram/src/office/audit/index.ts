// The audit trail of the reader's place, newest first, by type, day, person and ticket. Sign-ins are folded away.
import { addDays, formatDay } from '../../domain/dates'
import { clockOf, dayOfMoment } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { AUDIT_TYPES } from '../../domain/auditTypes'
import { type AuditFilter, listAudit } from '../../services/audit'
import type { Audit } from '../../services/shapes'
import { definePage } from '../../ui/page'
import '../words/index'

/** The API filters by one type. */
const TYPES = ['', ...AUDIT_TYPES] as const

const TICKET_TYPES = new Set([
  'refused',
  'phone_seen',
  'unseal_requested',
  'unseal_consented',
  'unseal_declined',
  'unsealed_seen',
])
const GRAVE = new Set(['refused', 'sign_in_failed', 'refresh_reused', 'invitation_failed'])

interface Row {
  id: string
  day: string // of the first entry of a day
  label: string
  who: string
  about: string
  clock: string
  more: string
  grave: boolean
}

definePage({
  words: ['audit'],
  title: (t) => t.audit.title,
  data: {
    type: '',
    types: [] as { id: string; name: string }[],
    entries: [] as Audit[],
    rows: [] as Row[],
    more: false,
    signIns: false,
    typed: '',
    ticket: '',
    person: '',
    who: '',
    from: '',
    until: '',
    days: '',
    choosing: false,
    range: { from: '', until: '' },
  },
  instanceFields: { next: null as string | null, busy: false },
  onOpen(query) {
    this.setData({ person: query['person'] ?? '', who: decodeURIComponent(query['who'] ?? '') })
  },
  async onReachEnd() {
    if (!this.next || this.busy) return
    this.busy = true
    try {
      const page = await listAudit(this.filter(), this.next)
      this.next = page.next ?? null
      this.show([...this.data.entries, ...page.items])
    } catch {
      // keep what is shown; scrolling again tries again
    } finally {
      this.busy = false
    }
  },
  methods: {
    filter(): AuditFilter {
      const { type, signIns, ticket, person, from, until } = this.data
      return {
        type,
        ticket,
        person_id: person,
        sign_ins: signIns || Boolean(type),
        from: from && `${from}T00:00:00+08:00`,
        to: until && `${addDays(until, 1)}T00:00:00+08:00`,
      }
    },
    show(entries: Audit[]) {
      this.setData({ entries, rows: rowsOf(entries), more: Boolean(this.next) })
    },
    async narrow(changes: object) {
      this.setData({ ...changes, entries: [], rows: [], state: 'loading' })
      await this.reload()
    },
    async choose(event: { detail: { id: string } }) {
      await this.narrow({ type: event.detail.id })
    },
    async fold() {
      await this.narrow({ signIns: !this.data.signIns })
    },
    type(event: { detail: { value: string } }) {
      this.setData({ typed: event.detail.value })
    },
    async find() {
      await this.narrow({ ticket: this.data.typed.trim() })
    },
    pickDays() {
      const { from, until } = this.data
      this.setData({ choosing: true, range: { from, until } })
    },
    day(event: { detail: { from: string; until: string } }) {
      this.setData({ range: event.detail })
    },
    closed() {
      this.setData({ choosing: false })
    },
    async chosen() {
      this.closed()
      await this.narrow(daysWords(this.data.range.from, this.data.range.until))
    },
    async drop(event: { currentTarget: { dataset: { filter: 'days' | 'person' | 'ticket' } } }) {
      const none = {
        days: daysWords('', ''),
        person: { person: '', who: '' },
        ticket: { ticket: '', typed: '' },
      }
      await this.narrow(none[event.currentTarget.dataset.filter])
    },
    /** What an entry can narrow the list to: its person, its ticket, its day. */
    offer(event: { currentTarget: { dataset: { n: number } } }) {
      const { type, person, subject, at } = this.data.entries[event.currentTarget.dataset.n]!
      const words = wordsOf('audit')
      const choices: [string, object][] = [[words.onlyDay, daysWords(dayOfMoment(at), dayOfMoment(at))]]
      if (person) choices.unshift([words.onlyPerson, { person: person.id, who: nameOf(person) }])
      if (subject && TICKET_TYPES.has(type))
        choices.unshift([fill(words.onlyTicket, { no: subject }), { ticket: subject, typed: subject }])
      wx.showActionSheet({
        itemList: choices.map(([label]) => label),
        success: ({ tapIndex }) => void this.narrow(choices[tapIndex]![1]),
        fail: () => undefined,
      })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const named = wordsOf('audit') as Record<string, string>
    const types = TYPES.map((type) => ({ id: type, name: named[type || 'all']! }))
    const page = await listAudit(this.filter())
    this.next = page.next ?? null
    return { types, entries: page.items, rows: rowsOf(page.items), more: Boolean(this.next) }
  },
})

function daysWords(from: string, until: string): { from: string; until: string; days: string } {
  const last = until || from
  if (!from) return { from: '', until: '', days: '' }
  const words = wordsOf('audit')
  const days =
    from === last ? formatDay(from) : fill(words.until, { from: formatDay(from), until: formatDay(last) })
  return { from, until: last, days }
}

function rowsOf(entries: Audit[]): Row[] {
  return entries.map((entry, n) => {
    const day = dayOfMoment(entry.at)
    return row(entry, n && day === dayOfMoment(entries[n - 1]!.at) ? '' : formatDay(day))
  })
}

function row({ id, type, label, person, subject, at, address, data }: Audit, day: string): Row {
  const words = wordsOf('audit')
  const path = typeof data['path'] === 'string' ? data['path'].replace('/api/v1', '') : ''
  return {
    id,
    day,
    label,
    who: person ? nameOf(person) : words.system,
    about: subject ?? '',
    clock: clockOf(at),
    more: [address && fill(words.from, { address }), path].filter(Boolean).join(' '),
    grave: GRAVE.has(type),
  }
}

/** Name and post; residents are told apart by the end of their id. */
function nameOf({ id, name, post }: NonNullable<Audit['person']>): string {
  if (!name) return fill(wordsOf('audit').numbered, { post, id: id.slice(-4) })
  return name === post ? post : `${name} · ${post}`
}
