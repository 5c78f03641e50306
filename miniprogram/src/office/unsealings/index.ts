// Requests to learn who reported anonymously: decided by a second person; the two who opened one see the reporter for a day.
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { spoken } from '../../core/time'
import { fill, say } from '../../i18n/index'
import { decide, list, read } from '../../services/unsealings'
import { holds } from '../../core/office'
import type { Unsealing } from '../../services/shapes'

type Which = 'pending' | 'all'

interface Row extends Unsealing {
  by: string
  when: string
  open: string
  deciding: boolean
  who: string
}

screen({
  words: ['unseal'],
  title: (t) => t.unseal.title,
  data: { which: 'pending' as Which, tabs: ['pending', 'all'] as Which[], rows: [] as Row[] },
  methods: {
    async choose(event: { currentTarget: { dataset: { which: Which } } }) {
      this.setData({ which: event.currentTarget.dataset.which, rows: [], state: 'loading' })
      await this.reload()
    },
    decide(event: { currentTarget: { dataset: { id: string; decision: 'consent' | 'decline' } } }) {
      const { id, decision } = event.currentTarget.dataset
      const words = say('unseal')
      wx.showModal({ title: words[decision], content: decision === 'consent' ? words.consentAsk : words.declineAsk, confirmText: words[decision], cancelText: say('common').cancel, success: ({ confirm }) => void (confirm && this.decided(id, decision)) })
    },
    async decided(id: string, decision: 'consent' | 'decline') {
      try {
        this.show(await decide(id, decision))
      } catch (error) {
        wx.showModal({ title: say('unseal').title, content: problemOf(error).sentence, showCancel: false, confirmText: say('common').ok })
        await this.reload()
      }
    },
    async see(event: { currentTarget: { dataset: { id: string } } }) {
      try {
        this.show(await read(event.currentTarget.dataset.id))
      } catch (error) {
        wx.showToast({ title: problemOf(error).sentence, icon: 'none' })
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
    const { items } = await list(this.data.which === 'pending' ? 'pending' : undefined)
    return { rows: items.map(row), empty: !items.length }
  },
})

function row(request: Unsealing): Row {
  const words = say('unseal')
  const pending = request.status === 'pending'
  const { reporter } = request
  return {
    ...request,
    by: fill(words.by, { who: request.requested_by }),
    when: pending ? fill(words.at, { at: spoken(request.expires_at) }) : request.decided_at ? fill(words.decided, { who: request.decided_by ?? '', at: spoken(request.decided_at) }) : '',
    open: request.status === 'consented' && request.open_until && new Date(request.open_until).getTime() > Date.now() ? fill(words.open, { at: spoken(request.open_until) }) : '',
    deciding: pending && holds(['street']),
    who: reporter ? [reporter.name, reporter.phone].filter(Boolean).join(' ') || words.none : '',
  }
}
