// One ticket on the desk: whose turn it is and until when, what was claimed, who is called up, every step with what is said inside; its buttons are its `actions`.
import type { Wanted } from '../../components/act-sheet/act-sheet'
import { keep } from '../../core/box'
import { calledOf } from '../../core/called'
import { deskTurn, marksOf, type Mark } from '../../core/desk'
import { formOf } from '../../core/forms'
import { ticketPage } from '../../core/opening'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { store } from '../../core/store'
import type { Shown } from '../../core/turn'
import { typedFor } from '../../core/typed'
import { called, fill, say } from '../../i18n/index'
import { nameOf } from '../../services/categories'
import { fetchMe } from '../../services/me'
import type { PhotoRef, Ticket, TicketEvent } from '../../services/shapes'
import { events, one, phone } from '../../services/tickets'
import { facts, happened, limits, type Fact } from './facts'

interface Claim {
  outcome: string
  text: string
  photos: PhotoRef[]
}

/** Somebody was faster: their act, and what to do with what was typed. */
interface Changed {
  sentence: string
  what: string
  again: string // the act, when it is still possible
  words: string
  typed: string
}

const MOST_PAGES = 10 // of a hundred events each

screen({
  words: ['ticket', 'desk', 'clock'],
  title: (t) => t.desk.detail,
  renews: 'anywhere',
  data: {
    ...{ ticket: null as Ticket | null, events: [] as TicketEvent[], name: '', shown: null as Shown | null, marks: [] as Mark[], facts: [] as Fact[], limits: [] as Fact[] },
    ...{ claim: null as Claim | null, outcome: '', reporter: '', canLook: false, phone: '', dissent: '', merged: '', canComment: false, calledUp: false, changed: null as Changed | null, wanted: null as Wanted | null, gone: false },
  },
  methods: {
    act(event: { detail: { action: string } }) {
      const { ticket } = this.data
      const { action } = event.detail
      if (action === 'merge') return void wx.navigateTo({ url: `/staff/merge/index?id=${ticket!.id}` })
      this.setData({ wanted: { ticket: ticket!, action } })
    },
    say(event: { currentTarget: { dataset: { action: string } } }) {
      this.act({ detail: event.currentTarget.dataset })
    },
    closed() {
      this.setData({ wanted: null })
    },
    async done(event: { detail: { ticket: Ticket } }) {
      this.setData({ ...told(event.detail.ticket), changed: null, wanted: null })
      await this.reload()
    },
    async stale(event: { detail: { sentence: string } }) {
      const { action } = this.data.wanted!
      this.setData({ wanted: null })
      await this.reload()
      this.tell(event.detail.sentence, action)
    },
    tell(sentence: string, action: string) {
      this.setData({ changed: this.compare(sentence, action) })
      wx.pageScrollTo({ scrollTop: 0 })
    },
    compare(sentence: string, action: string): Changed {
      const ticket = this.data.ticket!
      const typed = typedFor(ticket.id, action)
      const possible = ticket.actions.includes(formOf(action).as ?? action)
      return { sentence, what: happened(this.data.events[this.data.events.length - 1]), again: possible ? action : '', words: possible ? fill(say('desk').again, { action: called('action', action) }) : '', typed }
    },
    again() {
      const { again } = this.data.changed!
      this.setData({ changed: null })
      this.act({ detail: { action: again } })
    },
    /** What can no longer be done was still worth writing: it becomes a note among colleagues. */
    toNote() {
      const { typed } = this.data.changed!
      keep(`act:${this.data.ticket!.id}:note`, { text: typed })
      this.setData({ changed: null })
      this.act({ detail: { action: 'note' } })
    },
    /** The number is shown when asked for only, after saying that the look is recorded. */
    look() {
      const [words, common] = [say('desk'), say('common')]
      wx.showModal({ title: words.phone, content: words.phoneAsk, confirmText: common.ok, cancelText: common.cancel, success: ({ confirm }) => confirm && void this.dial() })
    },
    async dial() {
      try {
        const found = await phone(this.data.ticket!.id)
        this.setData({ phone: found.phone.replace(/^\+86/, '') })
        wx.showToast({ title: say('desk').phoneShown, icon: 'none' })
      } catch (error) {
        wx.showToast({ title: problemOf(error).sentence, icon: 'none', duration: 3000 })
      }
    },
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.phone })
    },
    /** Handed back, reassigned: what was seen last stays, with nothing to do. */
    last(error: unknown): null {
      if (this.data.ticket && problemOf(error).status === 404) return null
      throw error
    },
    openMerged() {
      wx.navigateTo({ url: ticketPage(this.data.ticket!.merged_into!.id) })
    },
  },
  // after the methods, which TypeScript has to know first
  async load() {
    const id = this.query['id']!
    if (!store.get().me) await fetchMe()
    const found = await Promise.all([one(id), allEvents(id)]).catch((error: unknown) => this.last(error))
    if (!found) return { ...told({ ...this.data.ticket!, actions: [] }), gone: true }
    const [ticket, timeline] = found
    const tried = this.query['tried'] // in the list, where there was no room to tell
    delete this.query['tried']
    if (tried) setTimeout(() => this.tell(say('problem').faster, tried))
    return { ...told(ticket), events: timeline, claim: claimOf(ticket, timeline), gone: false }
  },
})

async function allEvents(id: string): Promise<TicketEvent[]> {
  const found: TicketEvent[] = []
  let cursor: string | null | undefined
  for (let n = 0; n < MOST_PAGES; n++) {
    const page = await events(id, cursor)
    found.push(...page.items)
    cursor = page.next
    if (!cursor) break
  }
  return found
}

function told(ticket: Ticket): object {
  const { me } = store.get()
  const { reporter } = ticket
  const words = say('desk')
  return {
    ticket,
    name: nameOf(ticket.category),
    shown: deskTurn(ticket),
    marks: marksOf({ ...ticket, photos: [], dissent: 0 }), // both stand large below
    facts: facts(ticket),
    limits: limits(ticket),
    outcome: ticket.outcome ? called('choice', ticket.outcome) : '',
    reporter: ticket.anonymous ? say('ticket').anonymous : [reporter?.name, reporter?.phone_masked].filter(Boolean).join(' '),
    canLook: Boolean(reporter?.phone_masked && reporter.id !== me?.id),
    dissent: ticket.dissent ? fill(words.dissentNote, { n: ticket.dissent }) : '',
    merged: ticket.merged_into ? fill(words.mergedInto, { no: ticket.merged_into.no }) : '',
    calledUp: Boolean(calledOf(ticket).length),
    canComment: ticket.actions.includes('comment'),
  }
}

function claimOf(ticket: Ticket, timeline: TicketEvent[]): Claim | null {
  if (!ticket.claim) return null
  const event = timeline.filter((each) => each.type === 'ticket.claimed').slice(-1)[0]
  return { outcome: called('choice', String(ticket.claim['outcome'] ?? '')), text: event?.text ?? '', photos: event?.photos ?? [] }
}
