// One ticket for residents: status, next step, facts, photos, events. Buttons come from its `actions`.
import { messageOf } from '../../domain/errorMessage'
import { type NextStep, nextStepOf, pendingAction } from '../../domain/nextStep'
import { store } from '../../domain/store'
import { formatTime } from '../../domain/time'
import { isDanger } from '../../domain/workbench'
import { fill, labelOf, wordsOf } from '../../i18n/index'
import type { Ticket, TicketEvent } from '../../services/shapes'
import { getTicket, listEvents, unfollowTicket } from '../../services/tickets'
import { definePage } from '../../ui/page'
import { ticketRoute } from '../../ui/ticketRoute'

interface Fact {
  label: string
  words: string
}

definePage({
  words: ['ticket', 'clock', 'report'],
  title: (t) => t.ticket.title,
  autoRefresh: 'anywhere',
  data: {
    ticket: null as Ticket | null,
    events: [] as TicketEvent[],
    name: '',
    step: null as NextStep | null,
    facts: [] as Fact[],
    question: '',
    outcome: '',
    danger: false,
    follower: false,
    merged: '',
    changed: '',
  },
  async load() {
    const id = this.query['id']!
    const [ticket, timeline] = await Promise.all([getTicket(id), listEvents(id)])
    return { ...viewOf(ticket), events: timeline, question: question(ticket, timeline) }
  },
  methods: {
    async done(event: { detail: { ticket: Ticket } }) {
      this.setData({ ...viewOf(event.detail.ticket), changed: '' })
      await this.reload()
    },
    /** The ticket has changed meanwhile: say so and show its current state. */
    async stale(event: { detail: { sentence: string } }) {
      await this.reload()
      this.setData({ changed: event.detail.sentence })
    },
    openMerged() {
      wx.navigateTo({ url: ticketRoute(this.data.ticket!.merged_into!.id) })
    },
    async unfollow() {
      try {
        await unfollowTicket(this.data.ticket!.id)
        wx.showToast({ title: wordsOf('ticket').unfollowed, icon: 'none' })
        wx.navigateBack({ fail: () => void wx.switchTab({ url: '/pages/mine/index' }) })
      } catch (error) {
        wx.showToast({ title: messageOf(error), icon: 'none' })
      }
    },
  },
})

function viewOf(ticket: Ticket): object {
  const { me } = store.get()
  return {
    ticket,
    name: ticket.category.name,
    step: nextStepOf(ticket),
    danger: isDanger(ticket),
    facts: facts(ticket),
    outcome: ticket.outcome ? labelOf('choice', ticket.outcome) : '',
    merged: ticket.merged_into ? fill(wordsOf('ticket').mergedInto, { no: ticket.merged_into.no }) : '',
    // A resident who is not the reporter.
    follower: Boolean(me && !me.posts.length && !ticket.reporter && ticket.origin !== 'staff'),
  }
}

function facts(ticket: Ticket): Fact[] {
  const words = wordsOf('ticket')
  const all: [string, string | null | undefined | false][] = [
    [
      words.place,
      [ticket.place?.path.join(' ') ?? ticket.place?.label, ticket.place_note].filter(Boolean).join(' '),
    ],
    [words.holder, ticket.holder && [ticket.holder.label, ticket.holder.name].filter(Boolean).join(' ')],
    [words.organisation, ticket.organisation?.name],
    [
      words.reporter,
      ticket.anonymous
        ? words.anonymous
        : [ticket.reporter?.name, ticket.reporter?.phone_masked].filter(Boolean).join(' '),
    ],
    [words.at, formatTime(ticket.created_at)],
    [words.no, ticket.no],
    [
      '',
      [
        ticket.followers && fill(words.followers, { n: ticket.followers }),
        ticket.sla.urged && fill(words.urged, { n: ticket.sla.urged }),
      ]
        .filter(Boolean)
        .join(' · '),
    ],
  ]
  return all.filter(([, text]) => text).map(([label, text]) => ({ label, words: text as string }))
}

/** The question that waits for an answer: the last one. */
function question(ticket: Ticket, timeline: TicketEvent[]): string {
  if (pendingAction(ticket) !== 'answer') return ''
  return timeline.filter((event) => event.type === 'ticket.asked').slice(-1)[0]?.text ?? ''
}
