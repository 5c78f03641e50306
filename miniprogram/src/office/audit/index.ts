// The audit trail of one's own place, newest first, by day; read only.
import { today } from '../../core/dates'
import { screen } from '../../core/screen'
import { spoken } from '../../core/time'
import { fill, say } from '../../i18n/index'
import { list } from '../../services/audit'
import type { Audit } from '../../services/shapes'

/** The API narrows to one type at a time. */
const TYPES = ['', 'refused', 'phone_seen', 'unsealed_seen', 'setting_changed', 'invited', 'post_ended', 'organisation_changed', 'exported', 'sign_in_failed'] as const

interface Row {
  id: string
  label: string
  who: string
  at: string
  more: string
  grave: boolean
}

const GRAVE = new Set(['refused', 'sign_in_failed', 'refresh_reused', 'invitation_failed'])

screen({
  words: ['audit'],
  title: (t) => t.audit.title,
  data: { type: '', types: [] as { id: string; name: string }[], rows: [] as Row[], more: false },
  own: { next: null as string | null, busy: false },
  async reached() {
    if (!this.next || this.busy) return
    this.busy = true
    try {
      const page = await list(this.data.type, this.next)
      this.next = page.next ?? null
      this.setData({ rows: [...this.data.rows, ...page.items.map(row)], more: Boolean(this.next) })
    } catch {
      // what is there stays; the next scroll tries again
    } finally {
      this.busy = false
    }
  },
  methods: {
    async choose(event: { detail: { id: string } }) {
      this.setData({ type: event.detail.id, rows: [], state: 'loading' })
      await this.reload()
    },
  },
  async load() {
    const named = say('audit') as Record<string, string>
    const types = TYPES.map((type) => ({ id: type, name: named[type || 'all']! }))
    const page = await list(this.data.type)
    this.next = page.next ?? null
    return { types, rows: page.items.map(row), more: Boolean(this.next), empty: !page.items.length }
  },
})

function row({ id, type, label, person, at, address, data }: Audit): Row {
  const words = say('audit')
  const path = typeof data['path'] === 'string' ? data['path'].replace('/api/v1', '') : ''
  const day = at.slice(0, 4) === today().slice(0, 4) ? spoken(at) : at.slice(0, 16)
  return { id, label, who: person ? (person.name ?? fill(words.somebody, { id: person.id.slice(-4) })) : words.system, at: day, more: [address && fill(words.from, { address }), path].filter(Boolean).join(' '), grave: GRAVE.has(type) }
}
