// Requests to unseal anonymous reports. A second person decides; both then see the reporter for a day.
import { messageOf } from '../../domain/errorMessage'
import { hasRole } from '../../domain/roles'
import { formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import type { Unsealing } from '../../services/shapes'
import { decideUnsealing, getUnsealing, listUnsealings } from '../../services/unsealings'
import { ask, tell } from '../../ui/ask'
import { definePage } from '../../ui/page'
import '../words/index'

type Which = 'pending' | 'all'

interface Row extends Unsealing {
  by: string
  when: string
  open: string
  deciding: boolean
  who: string
}

definePage({
  words: ['unseal'],
  title: (t) => t.unseal.title,
  data: { which: 'pending' as Which, tabs: ['pending', 'all'] as Which[], rows: [] as Row[] },
  methods: {
    async choose(event: { currentTarget: { dataset: { which: Which } } }) {
      this.setData({ which: event.currentTarget.dataset.which, rows: [], state: 'loading' })
      await this.reload()
    },
    async decide(event: { currentTarget: { dataset: { id: string; decision: 'consent' | 'decline' } } }) {
      const { id, decision } = event.currentTarget.dataset
      const words = wordsOf('unseal')
      if (await ask(words[decision], decision === 'consent' ? words.consentAsk : words.declineAsk))
        await this.decided(id, decision)
    },
    async decided(id: string, decision: 'consent' | 'decline') {
      try {
        this.show(await decideUnsealing(id, decision))
      } catch (error) {
        tell(wordsOf('unseal').title, messageOf(error))
        await this.reload()
      }
    },
    async see(event: { currentTarget: { dataset: { id: string } } }) {
      try {
        this.show(await getUnsealing(event.currentTarget.dataset.id))
      } catch (error) {
        wx.showToast({ title: messageOf(error), icon: 'none' })
      }
    },
    show(fresh: Unsealing) {
      this.setData({ rows: this.data.rows.map((each) => (each.id === fresh.id ? row(fresh) : each)) })
    },
    ticket(event: { currentTarget: { dataset: { id: string } } }) {
      wx.navigateTo({ url: `/pages/ticket/index?id=${event.currentTarget.dataset.id}` })
    },
  },
  async load() {
    const items = await listUnsealings(this.data.which === 'pending' ? 'pending' : undefined)
    return { rows: items.map(row), empty: !items.length }
  },
})

function row(request: Unsealing): Row {
  const words = wordsOf('unseal')
  const pending = request.status === 'pending'
  const { reporter } = request
  return {
    ...request,
    by: fill(words.by, { who: request.requested_by }),
    when: pending
      ? fill(words.at, { at: formatTime(request.expires_at) })
      : request.decided_at
        ? fill(words.decided, { who: request.decided_by ?? '', at: formatTime(request.decided_at) })
        : '',
    open:
      request.status === 'consented' &&
      request.open_until &&
      new Date(request.open_until).getTime() > Date.now()
        ? fill(words.open, { at: formatTime(request.open_until) })
        : '',
    deciding: pending && hasRole(['street']),
    who: reporter ? [reporter.name, reporter.phone].filter(Boolean).join(' ') || words.none : '',
  }
}
