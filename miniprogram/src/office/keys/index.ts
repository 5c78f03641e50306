// The API keys of a company or department: issued, shown once, revoked.
import { messageOf } from '../../domain/errorMessage'
import { formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { newKey } from '../../platform/idempotencyKey'
import { createKey, listKeys, revokeKey } from '../../services/organisations'
import type { ApiKey, ApiScope } from '../../services/shapes'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { tellRefusal } from '../../ui/refusal'
import '../words/index'

const SCOPES: readonly ApiScope[] = ['tickets:read', 'tickets:write', 'webhooks:manage', 'offers:manage']

interface Row {
  id: string
  name: string
  hint: string
  scopes: string
  state: string
  live: boolean
}

definePage({
  words: ['keys'],
  title: (t) => t.keys.title,
  data: {
    organisation: '',
    rows: [] as Row[],
    adding: false,
    name: '',
    scopes: [] as { scope: ApiScope; words: string; on: boolean }[],
    made: '',
    until: '',
    trouble: '',
    busy: false,
  },
  instanceFields: { key: '' },
  onOpen(query) {
    this.setData({ organisation: decodeURIComponent(query['name'] ?? '') })
  },
  methods: {
    add() {
      this.key = newKey()
      const scopes = SCOPES.map((scope) => ({
        scope,
        words: scopeWords(scope),
        on: scope.startsWith('tickets:'),
      }))
      this.setData({ adding: true, made: '', name: '', scopes, trouble: '' })
    },
    cancel() {
      this.setData({ adding: false })
    },
    name(event: { detail: { value: string } }) {
      this.key = newKey()
      this.setData({ name: event.detail.value, trouble: '' })
    },
    scope(event: { currentTarget: { dataset: { n: number } } }) {
      this.key = newKey()
      const { n } = event.currentTarget.dataset
      const scopes = this.data.scopes.map((each, at) => (at === n ? { ...each, on: !each.on } : each))
      this.setData({ scopes, trouble: '' })
    },
    async make(): Promise<void> {
      const words = wordsOf('keys')
      const name = this.data.name.trim()
      const scopes = this.data.scopes.filter((each) => each.on).map((each) => each.scope)
      if (this.data.busy) return
      if (!name || !scopes.length) return this.setData({ trouble: words.need })
      await this.try(async () => {
        const { key, expires_at } = await createKey(this.query['id']!, { name, scopes }, this.key)
        const until = fill(words.until, { at: formatTime(expires_at) })
        // A request that was repeated does not show the key again.
        this.setData({ adding: false, made: key ?? '', until, trouble: key ? '' : words.lost })
      })
    },
    copy() {
      wx.setClipboardData({ data: this.data.made, fail: (failure) => void tellRefusal('clipboard', failure) })
    },
    hide() {
      this.setData({ made: '' })
    },
    async revoke(event: { currentTarget: { dataset: { id: string; name: string } } }) {
      const { id, name } = event.currentTarget.dataset
      const words = wordsOf('keys')
      if (await ask(words.revoke, fill(words.revokeAsk, { name })))
        await this.try(() => revokeKey(this.query['id']!, id))
    },
    async try(act: () => Promise<unknown>) {
      this.setData({ busy: true, trouble: '' })
      try {
        await act()
        await this.reload()
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.setData({ busy: false })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    return { rows: (await listKeys(this.query['id']!)).map(row) }
  },
})

const scopeWords = (scope: ApiScope): string =>
  ({
    'tickets:read': wordsOf('keys').read,
    'tickets:write': wordsOf('keys').write,
    'webhooks:manage': wordsOf('keys').webhooks,
    'offers:manage': wordsOf('keys').offers,
  })[scope]

function row({ id, name, hint, scopes, expires_at, revoked_at, last_used_at }: ApiKey): Row {
  const words = wordsOf('keys')
  const live = !revoked_at && new Date(expires_at).getTime() > Date.now()
  const state = revoked_at
    ? fill(words.revoked, { at: formatTime(revoked_at) })
    : fill(live ? words.until : words.expired, { at: formatTime(expires_at) })
  const used = last_used_at ? fill(words.used, { at: formatTime(last_used_at) }) : words.unused
  return { id, name, hint, scopes: scopes.map(scopeWords).join('、'), state: `${state} · ${used}`, live }
}
