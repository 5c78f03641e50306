// One ticket: where it stands and whose turn it is, what was found and done, every step; its buttons come from its `actions`.
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import { spoken } from '../../core/time'
import { turnOf, yours, type Shown } from '../../core/turn'
import { called, fill, say } from '../../i18n/index'
import { nameOf } from '../../services/categories'
import type { Ticket, TicketEvent } from '../../services/shapes'
import { events, one, unfollow } from '../../services/tickets'

interface Fact {
  label: string
  words: string
}

screen({
  words: ['ticket', 'clock', 'report'],
  title: (t) => t.ticket.title,
  renews: 'anywhere',
  data: { ticket: null as Ticket | null, events: [] as TicketEvent[], name: '', shown: null as Shown | null, facts: [] as Fact[], question: '', outcome: '', follower: false, changed: '' },
  async load() {
    const id = this.query['id']!
    const [ticket, timeline] = await Promise.all([one(id), events(id)])
    return { ...told(ticket), events: timeline.items, question: question(ticket, timeline.items) }
  },
  methods: {
    async done(event: { detail: { ticket: Ticket } }) {
      this.setData({ ...told(event.detail.ticket), changed: '' })
      await this.reload()
    },
    /** Somebody was faster: say so, and show how it is now. */
    async stale(event: { detail: { sentence: string } }) {
      await this.reload()
      this.setData({ changed: event.detail.sentence })
    },
    async unfollow() {
      try {
        await unfollow(this.data.ticket!.id)
        wx.showToast({ title: say('ticket').unfollowed, icon: 'none' })
        wx.navigateBack({ fail: () => void wx.switchTab({ url: '/pages/mine/index' }) })
      } catch (error) {
        wx.showToast({ title: problemOf(error).sentence, icon: 'none' })
      }
    },
  },
})

function told(ticket: Ticket): object {
  const { me } = store.get()
  return {
    ticket,
    name: nameOf(ticket.category),
    shown: turnOf(ticket),
    facts: facts(ticket),
    outcome: ticket.outcome ? called('choice', ticket.outcome) : '',
    follower: Boolean(me && !me.posts.length && !ticket.reporter && ticket.origin !== 'staff'), // a resident who is not its reporter sees it as a follower
  }
}

function facts(ticket: Ticket): Fact[] {
  const words = say('ticket')
  const all: [string, string | null | undefined | false][] = [
    [words.place, [ticket.place?.path.join(' ') ?? ticket.place?.label, ticket.place_note].filter(Boolean).join(' ')],
    [words.holder, ticket.holder && [ticket.holder.label, ticket.holder.name].filter(Boolean).join(' ')],
    [words.organisation, ticket.organisation?.name],
    [words.reporter, ticket.anonymous ? words.anonymous : [ticket.reporter?.name, ticket.reporter?.phone_masked].filter(Boolean).join(' ')],
    [words.at, spoken(ticket.created_at)],
    [words.no, ticket.no],
    ['', [ticket.followers && fill(words.followers, { n: ticket.followers }), ticket.sla.urged && fill(words.urged, { n: ticket.sla.urged })].filter(Boolean).join(' · ')],
  ]
  return all.filter(([, said]) => said).map(([label, said]) => ({ label, words: said as string }))
}

/** The question that waits for an answer is the last one asked. */
function question(ticket: Ticket, timeline: TicketEvent[]): string {
  if (yours(ticket) !== 'answer') return ''
  return timeline.filter((event) => event.type === 'ticket.asked').slice(-1)[0]?.text ?? ''
}
