// One subject of any kind (`noun`, `id`): what it is, what became of it, what belongs to it, its timeline. Buttons come
// from its `actions`.
import { sayDone } from '../../domain/actionResult'
import { messageOf } from '../../domain/errorMessage'
import { askForMessages } from '../../domain/subscriptions'
import { fetchMe } from '../../domain/profile'
import { store } from '../../domain/store'
import { fateText, isStaff, kindOf, outcomeOf, titleOf, toneOf } from '../domain/kinds'
import { attendeeCode } from '../domain/attendeeCode'
import { agreementLines, courtText } from '../domain/disputeKind'
import { whatNext } from '../domain/offerKinds'
import { present } from '../domain/relationKinds'
import { fill, labelOf, wordsOf } from '../../i18n/index'
import type { Subject, SubjectEvent, SubjectKind, TicketEvent } from '../../services/shapes'
import {
  getSpeakerPhone,
  getSubject,
  hasScreens,
  listSubjectEvents,
  listSubjects,
  postSubjectAct,
} from '../../services/subjects'
import { addToCalendar } from '../calendar'
import { definePage } from '../../ui/page'
import { subjectRoute } from '../../ui/subjectRoute'
import { ticketRoute } from '../../ui/ticketRoute'
import '../words/index'

interface Fact {
  key?: number
  label: string
  words: string
}

interface Group {
  noun: SubjectKind
  words: string
  items: Subject[]
}

definePage({
  words: ['subject', 'side', 'agreement'],
  autoRefresh: 'anywhere',
  data: {
    subject: null as Subject | null,
    title: '',
    text: '',
    tone: '',
    facts: [] as Fact[],
    fate: '',
    outcome: '',
    source: '', // what it came from, as a link
    resultTitle: '',
    groups: [] as Group[],
    events: [] as TicketEvent[],
    staffed: false, // the reader sees who attends
    makes: false, // the reader arranges meetings and projects of the topic
    hears: false, // the reader writes down what was said there
    remindable: false,
    callable: false, // who said it has left a number, and is to be told
    counted: false, // a survey that is over has a result
    sides: [] as Fact[],
    privacy: '', // who sees it
    agreement: [] as Fact[],
    allRuns: '', // signing up for the whole course
    court: '', // until when the court can be asked
    takeable: false, // it can be reserved
    code: '', // to show at the hand-over
    codeTitle: '',
    codePlain: false, // without letters: nobody types it
    next: '', // what whoever reserved it has to know
    changed: '',
  },
  onVisible() {
    wx.setNavigationBarTitle({ title: labelOf('subjectName', this.query['noun'] ?? '') })
  },
  methods: {
    async done(event: { detail: { subject: Subject } }) {
      if (isOut(event.detail.subject))
        return wx.navigateBack({ fail: () => void wx.switchTab({ url: '/pages/me/index' }) })
      this.setData({ ...viewOf(event.detail.subject), changed: '' })
      await this.reload()
    },
    /** It has changed meanwhile: say so and show its current state. */
    async stale(event: { detail: { sentence: string } }) {
      await this.reload()
      this.setData({ changed: event.detail.sentence })
    },
    openSource() {
      const { source } = this.data.subject!
      if (source && hasScreens(source.kind)) wx.navigateTo({ url: subjectRoute(source.kind, source.id) })
    },
    openFate() {
      const led = outcomeOf(this.data.subject!)
      if (!led) return
      const url = led.kind === 'ticket' ? ticketRoute(led.id) : subjectRoute(led.kind as SubjectKind, led.id)
      wx.navigateTo({ url })
    },
    say() {
      const { id, place } = this.data.subject!
      wx.navigateTo({ url: `/subjects/form/index?noun=opinion&source=${id}&place=${place.id}` })
    },
    meet() {
      const { id, place } = this.data.subject!
      wx.navigateTo({ url: `/subjects/form/index?noun=activity&source=${id}&place=${place.id}` })
    },
    plan() {
      const { id, place } = this.data.subject!
      wx.navigateTo({ url: `/subjects/form/index?noun=project&source=${id}&place=${place.id}` })
    },
    /** Call who said it; that the number was looked at is recorded. */
    async call() {
      try {
        const { phone } = await getSpeakerPhone(this.data.subject!.id)
        wx.makePhoneCall({ phoneNumber: phone.replace(/^\+86/, ''), fail: () => undefined })
      } catch (error) {
        this.setData({ changed: messageOf(error) })
      }
    },
    async signUpAll() {
      const { subject } = this.data
      askForMessages('common_life') // from the tap, which is not over yet
      try {
        const fresh = await postSubjectAct(subject!, 'sign_up', { series: true })
        sayDone(labelOf('done', 'activity.sign_up'))
        await this.done({ detail: { subject: fresh } })
      } catch (error) {
        await this.stale({ detail: { sentence: messageOf(error) } })
      }
    },
    remind() {
      const { subject } = this.data
      if (subject?.noun === 'activity') addToCalendar(subject)
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const noun = this.query['noun'] as SubjectKind
    const id = this.query['id']!
    const [subject, events] = await Promise.all([
      getSubject(noun, id),
      listSubjectEvents(noun, id),
      store.get().me ?? fetchMe(),
    ])
    return { ...viewOf(subject), groups: await groupsOf(subject), events: events.map(shownEvent) }
  },
})

/** In which statuses of a topic something is made of it. */
const MADE_OF: ReadonlySet<string> = new Set(['set', 'discussing', 'decided', 'doing'])

function viewOf(subject: Subject): object {
  const { noun, status, title } = subject
  const words = wordsOf('subject')
  const result = labelOf('subjectResult', `${noun}.${status}`, labelOf('subjectResult', noun))
  const coming = subject.noun === 'activity' && (status === 'published' || status === 'started')
  return {
    subject,
    title: titleOf(subject),
    text: title ? (subject.text ?? '') : '',
    tone: toneOf(subject),
    facts: kindOf(noun)
      .facts.map(([key, words]) => ({ label: labelOf('subjectFact', key), words: words(subject) || '' }))
      .filter((fact) => fact.words),
    fate: fateText(subject) || (noun === 'opinion' ? words.fateOpen : ''),
    source: sourceText(subject),
    outcome: outcomeOf(subject) ? words.openFate : '',
    resultTitle: subject.result ? result : '',
    staffed: subject.noun === 'activity' && isStaff() && status !== 'draft',
    makes: subject.noun === 'topic' && isStaff() && MADE_OF.has(status),
    hears: subject.noun === 'activity' && isStaff() && (status === 'started' || status === 'closed'),
    callable: subject.noun === 'opinion' && isToBeCalled(subject),
    counted: subject.noun === 'survey' && (status === 'closed' || status === 'replied'),
    ...takenOf(subject),
    ...attendedOf(subject),
    sides: sidesOf(subject),
    privacy: labelOf('subjectPrivacy', noun, ''),
    agreement: subject.noun === 'dispute' ? agreementLines(subject) : [],
    court: subject.noun === 'dispute' ? courtText(subject) : '',
    remindable: subject.noun === 'activity' && coming && Boolean(subject.attending),
  }
}

const isToBeCalled = ({ speaker }: Extract<Subject, { noun: 'opinion' }>): boolean =>
  Boolean(speaker?.phone_masked) && speaker?.told_by === 'call' && !speaker.told_at

/** Whether the reader's own act took them out of it: they no longer see it. */
const isOut = (subject: Subject): boolean =>
  'sides' in subject && !subject.mine && !subject.actions.length && subject.status !== 'ended'

/** Who is in it, and whether they have agreed. */
function sidesOf(subject: Subject): Fact[] {
  if (!('sides' in subject)) return []
  const { agreed, waits, you } = wordsOf('side')
  return present(subject).map(({ role, role_name, label, agreed_at, mine }, key) => ({
    key,
    label: role_name,
    words: [`${label}${mine ? you : ''}`, role === 'studio' ? '' : agreed_at ? agreed : waits]
      .filter(Boolean)
      .join(' · '),
  }))
}

/** Of a course the sign-up for all its runs; of what one has signed up for, the code that its staff scan at the door. */
function attendedOf(subject: Subject): object {
  if (subject.noun !== 'activity') return { allRuns: '' }
  const words = wordsOf('course')
  const { actions, runs, attending, status } = subject
  const whole = runs > 1 && actions.includes('sign_up')
  const coming =
    (attending === 'signed_up' || attending === 'waiting') && (status === 'published' || status === 'started')
  const code = coming ? attendeeCode(store.get().me?.id ?? '') : ''
  return {
    allRuns: whole ? fill(words.signUpAll, { n: runs }) : '',
    ...(code ? { code, codeTitle: words.show, codePlain: true } : {}),
  }
}

/** The code of a reservation and what is to be known of it; whether an offer can be reserved. */
function takenOf(subject: Subject): object {
  const takeable = subject.noun === 'offer' && subject.status === 'open' && subject.released
  if (subject.noun !== 'reservation') return { takeable, code: '', codePlain: false, next: '' }
  const words = wordsOf('take')
  const shows = subject.code && (subject.status === 'granted' || subject.status === 'out')
  return {
    takeable,
    code: shows ? subject.code : '',
    codeTitle: subject.status === 'out' ? words.showBack : words.show,
    next: subject.mine || subject.status === 'waiting' ? whatNext(subject) : '',
  }
}

/** 来自 活动 · 11月居民议事会 · 已结束, where the reader may see that. */
function sourceText({ source }: Subject): string {
  if (!source || source.kind === 'offer') return '' // a reservation has the title of its offer
  return [wordsOf('subject').from, source.kind_name, '·', source.title, '·', source.status_name].join(' ')
}

/** The first run of its course. */
const seriesOf = (subject: Subject): string => (subject.noun === 'activity' && subject.series) || subject.id

/** What belongs to a subject and the reader sees of it. */
async function groupsOf(subject: Subject): Promise<Group[]> {
  const asked = kindOf(subject.noun).related.filter(({ count }) => !count || count(subject))
  const found = await Promise.all(
    asked.map(async ({ noun, by }) => ({
      noun,
      items: (
        await listSubjects(noun, { [by]: by === 'series' ? seriesOf(subject) : subject.id })
      ).items.filter(({ id }) => id !== subject.id),
    })),
  )
  return found
    .filter(({ items }) => items.length)
    .map(({ noun, items }) => ({
      noun,
      items,
      words: fill(labelOf('subjectRelated', `${subject.noun}.${noun}`), { n: items.length }),
    }))
}

/** As the timeline of tickets shows it; the server has its words in the reader's language. */
const shownEvent = (event: SubjectEvent): TicketEvent =>
  ({ ...event, data: {}, internal: false }) as unknown as TicketEvent
