// One ticket for staff: next step, limits, claim, departments, all events with internal notes. Buttons come
// from its `actions`.
import { departmentCalls } from '../../domain/departments'
import { draftText, saveActionDraft } from '../../domain/draftText'
import { messageOf } from '../../domain/errorMessage'
import { formOf } from '../../domain/forms'
import type { NextStep } from '../../domain/nextStep'
import { fetchMe } from '../../domain/profile'
import { store } from '../../domain/store'
import type { ActionRequest } from '../../domain/types'
import { isDanger, type Mark, marksOf, sentBackText, workbenchStep } from '../../domain/workbench'
import { fill, labelOf, wordsOf } from '../../i18n/index'
import { problemOf } from '../../platform/problem'
import type { PhotoRef, Ticket, TicketEvent } from '../../services/shapes'
import { getReporterPhone, getTicket, listEvents } from '../../services/tickets'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { ticketRoute } from '../../ui/ticketRoute'
import { type Fact, facts, lastEventText, limitFacts } from './facts'

interface Claim {
  outcome: string
  text: string
  photos: PhotoRef[]
}

/** The ticket has changed meanwhile: the other person's action, and the text the reader typed. */
interface Changed {
  sentence: string
  what: string
  again: string // the action, when it is still possible
  words: string
  typedText: string
}

definePage({
  words: ['ticket', 'workbench', 'clock'],
  title: (t) => t.workbench.detail,
  autoRefresh: 'anywhere',
  data: {
    ...{
      ticket: null as Ticket | null,
      events: [] as TicketEvent[],
      name: '',
      step: null as NextStep | null,
      marks: [] as Mark[],
      facts: [] as Fact[],
      limits: [] as Fact[],
    },
    ...{
      claim: null as Claim | null,
      outcome: '',
      reporter: '',
      canSeePhone: false,
      phone: '',
      dissent: '',
      sentBack: '',
      danger: false,
      merged: '',
      canComment: false,
      calledUp: false,
      changed: null as Changed | null,
      request: null as ActionRequest | null,
      unavailable: false,
    },
  },
  methods: {
    act(event: { detail: { action: string } }) {
      const { ticket } = this.data
      const { action } = event.detail
      if (action === 'merge') return void wx.navigateTo({ url: `/staff/merge/index?id=${ticket!.id}` })
      this.setData({ request: { ticket: ticket!, action } })
    },
    say(event: { currentTarget: { dataset: { action: string } } }) {
      this.act({ detail: event.currentTarget.dataset })
    },
    closed() {
      this.setData({ request: null })
    },
    async done(event: { detail: { ticket: Ticket } }) {
      this.setData({ ...viewOf(event.detail.ticket, this.data.events), changed: null, request: null })
      await this.reload()
    },
    async stale(event: { detail: { sentence: string } }) {
      const { action } = this.data.request!
      this.setData({ request: null })
      await this.reload()
      this.showChange(event.detail.sentence, action)
    },
    showChange(sentence: string, action: string) {
      this.setData({ changed: this.changeView(sentence, action) })
      wx.pageScrollTo({ scrollTop: 0 })
    },
    changeView(sentence: string, action: string): Changed {
      const ticket = this.data.ticket!
      const typedText = draftText(ticket.id, action)
      const possible = ticket.actions.includes(formOf(action).as ?? action)
      return {
        sentence,
        what: lastEventText(this.data.events[this.data.events.length - 1]),
        again: possible ? action : '',
        words: possible ? fill(wordsOf('workbench').again, { action: labelOf('action', action) }) : '',
        typedText,
      }
    },
    again() {
      const { again } = this.data.changed!
      this.setData({ changed: null })
      this.act({ detail: { action: again } })
    },
    /** Use the text of an action that is no longer possible as an internal note. */
    toNote() {
      const { typedText } = this.data.changed!
      saveActionDraft(this.data.ticket!.id, 'note', { text: typedText })
      this.setData({ changed: null })
      this.act({ detail: { action: 'note' } })
    },
    /** Show the phone number after a warning that this is recorded. */
    async askForPhone() {
      const { phone, phoneAsk } = wordsOf('workbench')
      if (await ask(phone, phoneAsk)) await this.dial()
    },
    async dial() {
      try {
        const found = await getReporterPhone(this.data.ticket!.id)
        this.setData({ phone: found.phone.replace(/^\+86/, '') })
        wx.showToast({ title: wordsOf('workbench').phoneShown, icon: 'none' })
      } catch (error) {
        wx.showToast({ title: messageOf(error), icon: 'none', duration: 3000 })
      }
    },
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.phone })
    },
    /** The ticket was handed back or reassigned: keep showing its last state, without buttons. */
    keepLastState(error: unknown): null {
      if (this.data.ticket && problemOf(error).status === 404) return null
      throw error
    },
    openMerged() {
      wx.navigateTo({ url: ticketRoute(this.data.ticket!.merged_into!.id) })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const id = this.query['id']!
    if (!store.get().me) await fetchMe()
    const found = await Promise.all([getTicket(id), listEvents(id)]).catch((error: unknown) =>
      this.keepLastState(error),
    )
    if (!found)
      return { ...viewOf({ ...this.data.ticket!, actions: [] }, this.data.events), unavailable: true }
    const [ticket, timeline] = found
    const tried = this.query['tried'] // the action that failed in the list
    delete this.query['tried']
    if (tried) setTimeout(() => this.showChange(wordsOf('problem').faster, tried))
    return {
      ...viewOf(ticket, timeline),
      events: timeline,
      claim: claimOf(ticket, timeline),
      unavailable: false,
    }
  },
})

function viewOf(ticket: Ticket, timeline: TicketEvent[]): object {
  const { me } = store.get()
  const { reporter } = ticket
  const words = wordsOf('workbench')
  return {
    ticket,
    name: ticket.category.name,
    step: workbenchStep(ticket),
    danger: isDanger(ticket),
    sentBack: ticket.latest?.type === 'ticket.reassigned' ? '' : sentBackText(ticket), // said above with its reason
    marks: marksOf({ ...ticket, photos: [], dissent: 0 }), // shown below in full
    facts: facts(ticket, timeline[0]),
    limits: limitFacts(ticket),
    outcome: ticket.outcome ? labelOf('choice', ticket.outcome) : '',
    reporter: ticket.anonymous
      ? wordsOf('ticket').anonymous
      : [reporter?.name, reporter?.phone_masked].filter(Boolean).join(' '),
    canSeePhone: Boolean(reporter?.phone_masked && reporter.id !== me?.id),
    dissent: ticket.dissent ? fill(words.dissentNote, { n: ticket.dissent }) : '',
    merged: ticket.merged_into ? fill(wordsOf('ticket').mergedInto, { no: ticket.merged_into.no }) : '',
    calledUp: Boolean(departmentCalls(ticket).length),
    canComment: ticket.actions.includes('comment'),
  }
}

function claimOf(ticket: Ticket, timeline: TicketEvent[]): Claim | null {
  if (!ticket.claim) return null
  const event = timeline.filter((each) => each.type === 'ticket.claimed').slice(-1)[0]
  return {
    outcome: labelOf('choice', (ticket.claim['outcome'] as string | undefined) ?? ''),
    text: event?.text ?? '',
    photos: event?.photos ?? [],
  }
}
