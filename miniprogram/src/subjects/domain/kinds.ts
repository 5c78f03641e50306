// The kinds of subjects of the common life as tables: the tabs of each list, the facts of each detail, what
// belongs to it. Who may do what is decided by the server (`actions`).
import { fill, wordsOf } from '../../i18n/index'
import type { Subject, SubjectKind } from '../../services/shapes'
import { hasRole, STAFF_ROLES } from '../../domain/roles'
import { formatTime } from '../../domain/time'
import type { Kind, SubjectTab, Tone } from './kindTable'
import { DISPUTE } from './disputeKind'
import { OFFER, RESERVATION } from './offerKinds'
import { RELATIONSHIP } from './relationKinds'

/** What residents are invited to; patrols and visits are the staff's. */
const FOR_RESIDENTS = ['meeting', 'event', 'course', 'service', 'mediation']
const VISITS = ['visit', 'patrol', 'care', 'duty']

const due = (subject: Subject): string =>
  subject.due_at ? fill(wordsOf('subject').until, { at: formatTime(subject.due_at) }) : ''
const running = (subject: Subject): string =>
  subject.overdue
    ? wordsOf('subject').overdue
    : subject.actions.length || subject.noun === 'project'
      ? due(subject)
      : ''

const KINDS: { [N in SubjectKind]: Kind<N> } = {
  opinion: {
    icon: 'comment',
    tabs: {
      resident: [{ key: 'mine', query: { mine: true } }],
      staff: [
        { key: 'open', query: { status: ['open'] } },
        { key: 'overdue', query: { overdue: true } },
        { key: 'answered', query: { status: ['answered', 'ticket', 'topic', 'project', 'noted'] } },
      ],
    },
    tones: { open: 'soon', answered: 'good', ticket: 'good', topic: 'good', project: 'good' },
    brief: (opinion) => [
      [opinion.kind_name, opinion.place.label].join(' · '),
      fateText(opinion) || running(opinion),
    ],
    facts: [
      ['place', ({ place }) => place.label],
      ['author', ({ author }) => author.label],
      ['speaker', (opinion) => speakerText(opinion)],
      ['at', ({ created_at }) => formatTime(created_at)],
      ['due', (opinion) => running(opinion)],
    ],
    related: [],
  },
  topic: {
    icon: 'follow',
    tabs: {
      resident: [
        { key: 'near', query: {} },
        { key: 'mine', query: { mine: true } },
      ],
      staff: [
        { key: 'raised', query: { status: ['raised'] } },
        { key: 'going', query: { status: ['set', 'discussing', 'decided', 'doing'] } },
        { key: 'ended', query: { status: ['done', 'reviewed', 'declined'] } },
      ],
    },
    tones: { raised: 'info', set: 'soon', discussing: 'soon', decided: 'good', doing: 'good', done: 'good' },
    brief: (topic) => [topic.place.label, supportText(topic)],
    facts: [
      ['place', ({ place }) => place.label],
      ['author', ({ author }) => author.label],
      ['at', ({ created_at }) => formatTime(created_at)],
      ['support', (topic) => supportText(topic)],
      ['said', ({ opinions }) => saidText(opinions)],
    ],
    related: [
      { noun: 'project', by: 'source_id', count: ({ projects }) => projects },
      { noun: 'activity', by: 'source_id' },
      { noun: 'opinion', by: 'outcome_id', count: ({ opinions }) => opinions },
    ],
  },
  project: {
    icon: 'small_repair',
    tabs: {
      resident: [
        { key: 'going', query: { status: ['planned', 'doing'] } },
        { key: 'ended', query: { status: ['done', 'reviewed', 'cancelled'] } },
      ],
      staff: [
        { key: 'going', query: { status: ['planned', 'doing'] } },
        { key: 'overdue', query: { overdue: true } },
        { key: 'ended', query: { status: ['done', 'reviewed', 'cancelled'] } },
      ],
    },
    tones: { planned: 'info', doing: 'soon', done: 'good', reviewed: 'good' },
    brief: (project) => [project.place.label, running(project)],
    facts: [
      ['place', ({ place }) => place.label],
      ['author', ({ author }) => author.label],
      ['due', (project) => running(project)],
      ['said', ({ opinions }) => saidText(opinions)],
    ],
    related: [{ noun: 'opinion', by: 'outcome_id', count: ({ opinions }) => opinions }],
  },
  activity: {
    icon: 'time',
    tabs: {
      resident: [
        { key: 'near', query: { status: ['published', 'started'], kind: FOR_RESIDENTS } },
        { key: 'mine', query: { mine: true } },
        { key: 'past', query: { status: ['closed', 'cancelled'], kind: FOR_RESIDENTS } },
      ],
      staff: [
        { key: 'coming', query: { status: ['draft', 'published', 'started'], kind: FOR_RESIDENTS } },
        { key: 'past', query: { status: ['closed', 'cancelled'], kind: FOR_RESIDENTS } },
        { key: 'visits', query: { kind: VISITS } },
      ],
    },
    tones: { draft: 'soon', published: 'info', started: 'soon', closed: 'good', cancelled: 'late' },
    brief: (activity) => [
      [activity.kind_name, formatTime(activity.starts_at)].join(' · '),
      [activity.venue ?? activity.place.label, attendingText(activity)].filter(Boolean).join(' · '),
    ],
    facts: [
      ['starts', ({ starts_at }) => formatTime(starts_at)],
      ['ends', ({ ends_at }) => formatTime(ends_at)],
      ['venue', ({ venue }) => venue],
      ['place', ({ place }) => place.label],
      ['host', ({ author }) => author.label],
      ['runs', ({ runs }) => runs > 1 && fill(wordsOf('course').runs, { n: runs })],
      ['seats', (activity) => seatsText(activity)],
      ['came', ({ headcount }) => headcount !== null && fill(wordsOf('subject').people, { n: headcount })],
    ],
    related: [
      { noun: 'activity', by: 'series', count: ({ runs }) => runs - 1 },
      { noun: 'opinion', by: 'source_id', count: ({ opinions }) => opinions },
    ],
  },
  survey: {
    icon: 'list',
    tabs: {
      resident: [
        { key: 'asked', query: { status: ['open'] } },
        { key: 'results', query: { status: ['closed', 'replied'] } },
      ],
      staff: [
        { key: 'drafts', query: { status: ['draft'] } },
        { key: 'going', query: { status: ['open'] } },
        { key: 'ended', query: { status: ['closed', 'replied', 'cancelled'] } },
      ],
    },
    tones: { draft: 'soon', open: 'info', replied: 'good', cancelled: 'late' },
    brief: (survey) => [
      [survey.kind_name, fill(wordsOf('survey').until, { at: formatTime(survey.ends_at) })].join(' · '),
      [isStaff() ? turnoutText(survey) : '', ownText(survey)].filter(Boolean).join(' · '),
    ],
    facts: [
      ['place', ({ place }) => place.label],
      ['sort', ({ kind_name }) => kind_name],
      ['deadline', ({ ends_at }) => formatTime(ends_at)],
      ['turnout', (survey) => survey.status !== 'draft' && turnoutText(survey)],
      ['company', ({ organisation }) => organisation?.name],
      ['rule', ({ rule }) => rule && [rule.name, rule.basis].join(' · ')],
    ],
    related: [],
  },
  offer: OFFER,
  reservation: RESERVATION,
  relationship: RELATIONSHIP,
  dispute: DISPUTE,
}

type AnyKind = Kind<SubjectKind, Subject>
export const kindOf = (noun: SubjectKind): AnyKind => KINDS[noun] as unknown as AnyKind
export const isSubjectKind = (noun: string): noun is SubjectKind => noun in KINDS

export const isStaff = (): boolean => hasRole(STAFF_ROLES)
export const tabsOfKind = (noun: SubjectKind): readonly SubjectTab[] =>
  kindOf(noun).tabs[isStaff() ? 'staff' : 'resident']

export const toneOf = ({ noun, status }: Pick<Subject, 'noun' | 'status'>): Tone =>
  kindOf(noun).tones[status] ?? 'calm'
export const titleOf = ({ title, text }: Pick<Subject, 'title' | 'text'>): string => title ?? text ?? ''

/** What a subject led to and can be opened: the fate of an opinion, the topic of a survey. */
export function outcomeOf(subject: Subject): { kind: string; id: string } | null {
  if (subject.noun === 'survey') return subject.topic ? { kind: 'topic', id: subject.topic.id } : null
  const fate = subject.noun === 'opinion' ? subject.fate : null
  return fate?.id ? { kind: fate.kind, id: fate.id } : null
}

/** What became of an opinion or a survey: 已转工单 20261201-0001, 已转项目 “东门加装充电桩” 实施中. */
export function fateText(subject: Subject): string {
  if (subject.noun === 'survey') {
    const { topic } = subject
    return topic ? fill(wordsOf('survey').topic, { title: topic.title ?? '', status: topic.status_name }) : ''
  }
  const fate = subject.noun === 'opinion' ? subject.fate : null
  return fate ? [subject.status_name, fate.label, fate.status_name].filter(Boolean).join(' · ') : ''
}

/** Who said what staff wrote down, as far as it is known, and how they learn what became of it. */
function speakerText({ speaker }: Extract<Subject, { noun: 'opinion' }>): string {
  if (!speaker) return ''
  const { told_at, told_by, phone_masked } = speaker
  const words = wordsOf('subject')
  const how = told_at
    ? fill(words.told, { at: formatTime(told_at) })
    : told_by
      ? words[`told_by_${told_by}`]
      : ''
  return [phone_masked, how].filter(Boolean).join(' · ')
}

type Survey = Extract<Subject, { noun: 'survey' }>

function turnoutText({ answered, asked }: Survey): string {
  const words = wordsOf('survey')
  return fill(asked ? words.turnout : words.answered, { n: answered, of: asked ?? 0 })
}

/** Whether the reader's own household has answered; nothing where it is not asked. */
function ownText({ can_answer, missing, answered_by_household }: Survey): string {
  const words = wordsOf('survey')
  if (answered_by_household) return words.yours
  return can_answer || missing === 'room' ? words.notYours : ''
}

function supportText(topic: Extract<Subject, { noun: 'topic' }>): string {
  const words = wordsOf('subject')
  if (!topic.released) return words.unreleased
  const sentence = topic.status === 'raised' ? words.supported : words.supporters
  return fill(sentence, { n: topic.supporters, of: topic.threshold })
}

const saidText = (n: number): string => (n ? fill(wordsOf('subject').opinions, { n }) : '')

type Activity = Extract<Subject, { noun: 'activity' }>
const attendingText = ({ attending, status }: Activity): string =>
  attending && (attending !== 'waiting' || status === 'published')
    ? wordsOf('subject')[`attending_${attending}`]
    : ''

function seatsText(activity: Activity): string {
  const words = wordsOf('subject')
  const { capacity, signed_up, waiting } = activity
  return [
    fill(capacity ? words.seats : words.signedUp, { n: signed_up, of: capacity ?? 0 }),
    waiting && fill(words.waiting, { n: waiting }),
    attendingText(activity),
  ]
    .filter(Boolean)
    .join(' · ')
}
