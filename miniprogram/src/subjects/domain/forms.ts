// The forms of the common life: one for each act of a kind, under `noun.act`, and one to make a new one, under
// `noun.new`. They are added to those of tickets, which components show.
import { fill, labelOf, wordsOf } from '../../i18n/index'
import { listOwnGrids } from '../../services/settings'
import type { Subject, SubjectKind } from '../../services/shapes'
import { listSubjects } from '../../services/subjects'
import { fieldOf } from '../../platform/problem'
import { addDays, formatDay, today } from '../../domain/dates'
import { addForms, categoryOptions, type Option } from '../../domain/forms'
import { homeAncestors } from '../../domain/places'
import { GRID_ROLES } from '../../domain/roles'
import { store } from '../../domain/store'
import { isStaff, kindOf } from './kinds'
import { shanghaiTime } from '../../domain/time'
import type { ActionValues } from '../../domain/types'
import { ASKED, AT_ONCE, said, type SubjectField, type SubjectForm, text } from './formParts'
import { DISPUTE_FORMS } from './disputeForms'
import { OFFER_FORMS } from './offerForms'
import { RELATION_FORMS } from './relationForms'

/** What a form of a new subject is on. `id` names its draft; `place_id` and `source_id` are known from where it began. */
export interface NewSubject {
  id: string
  noun: SubjectKind
  place_id?: string
  source_id?: string
}

/** Photos of what was done: nobody has to add any. */
const photos: SubjectField = { name: 'photo_ids', kind: 'photos' }
const title: SubjectField = { name: 'title', kind: 'line', required: true, words: 'subjectTitle' }
// Topics and projects of the same community that have not ended.
const openOnes = (noun: 'topic' | 'project') => async (): Promise<Option[]> =>
  (await listSubjects(noun, kindOf(noun).tabs.staff[noun === 'topic' ? 1 : 0]!.query)).items.map((each) => ({
    value: each.id,
    words: each.title ?? '',
    hint: [each.place.label, each.status_name].join(' · '),
  }))

const DAYS = [14, 30, 60, 90, 180] // until a project is to be done
const OFFICE_CLOSES = 18 // o'clock
const dayOptions = (): Promise<Option[]> =>
  Promise.resolve(
    DAYS.map((n) => ({
      value: shanghaiTime(n, OFFICE_CLOSES * 60),
      words: fill(wordsOf('subject').within, { n, day: formatDay(addDays(today(), n)) }),
    })),
  )
const dueDay: SubjectField = {
  name: 'due_at',
  kind: 'choice',
  required: true,
  options: dayOptions,
  words: 'dueDay',
}

const MINUTES = [60, 90, 120, 180] // that a meeting takes
const length: SubjectField = {
  name: 'length',
  kind: 'choice',
  required: true,
  words: 'meetingLength',
  options: () =>
    Promise.resolve(
      MINUTES.map((n) => ({
        value: n,
        words: fill(wordsOf('subject').hours, { n: n / 60 }),
        preselected: n === 90,
      })),
    ),
}
const starts: SubjectField = { name: 'starts_at', kind: 'when', required: true, words: 'meetingStarts' }

/** Where a subject is about: residents choose along the way to their home, staff among what their posts answer for. */
const places: SubjectField = {
  name: 'place_id',
  kind: 'choice',
  required: true,
  words: 'subjectPlace',
  options: () => (isStaff() ? ownPlaces() : homePlaces()),
}

async function homePlaces(): Promise<Option[]> {
  const found = await homeAncestors()
  return found.map((place, n) => ({
    value: place.id,
    words: place.label,
    preselected: n === found.length - 1, // the whole community: most people may support it
  }))
}

async function ownPlaces(): Promise<Option[]> {
  const posts = store.get().me?.posts ?? []
  const grids = posts.some(({ role }) => GRID_ROLES.includes(role)) ? await listOwnGrids() : []
  const offices = posts
    .filter(({ role, place_id }) => !GRID_ROLES.includes(role) && place_id)
    .map(({ place_id, label }) => ({ id: place_id!, label }))
  const all = [...offices, ...grids.flatMap(({ community, covers }) => [community, ...covers])]
  return [...new Map(all.map((place) => [place.id, place])).values()].map(({ id, label }, n) => ({
    value: id,
    words: label,
    preselected: n === 0,
  }))
}

const sorts = (...options: string[]): SubjectField => ({
  name: 'kind',
  kind: 'choice',
  required: true,
  words: 'sort',
  options: () => Promise.resolve(options.map((value) => ({ value, words: labelOf('sort', value) }))),
})

const FORMS: Readonly<Record<string, SubjectForm>> = {
  'opinion.new': {
    fields: [
      text('opinionText'),
      sorts('opinion', 'need', 'suggestion'),
      { name: 'place_id', kind: 'place', required: true },
    ],
    preset: () => ({ kind: 'opinion' }),
  },
  // As staff write it down: somebody without the program is told by a call or a visit.
  'opinion.hear': {
    fields: [
      text('opinionText'),
      sorts('opinion', 'need', 'suggestion'),
      { name: 'place_id', kind: 'place', required: true },
      { name: 'on_behalf_of.name', kind: 'line', words: 'speakerName' },
      { name: 'on_behalf_of.phone', kind: 'line', words: 'speakerPhone' },
      { name: 'room', kind: 'line', words: 'speakerRoom' },
    ],
    preset: () => ({ kind: 'opinion' }),
  },
  'opinion.answer': said('answerOpinion'),
  'opinion.to_ticket': {
    fields: [{ name: 'category', kind: 'choice', required: true, options: categoryOptions }],
  },
  'opinion.to_topic': {
    fields: [{ name: 'topic_id', kind: 'pick', options: openOnes('topic'), words: 'topicThere' }, title],
    atOnce: 'topic_id',
    preset: (opinion) => ({ title: firstLine(opinion.text) }),
  },
  'opinion.to_project': {
    fields: [
      { name: 'project_id', kind: 'pick', options: openOnes('project'), words: 'projectThere' },
      title,
      dueDay,
    ],
    atOnce: 'project_id',
    preset: (opinion) => ({ title: firstLine(opinion.text) }),
  },
  'opinion.note': said('noteOpinion'),
  'opinion.withdraw': { ...ASKED, tone: 'danger' },
  'opinion.tell': AT_ONCE,

  'topic.new': { fields: [title, text('topicText', false), places] },
  'topic.release': {
    fields: [
      {
        name: 'threshold',
        kind: 'choice',
        words: 'threshold',
        options: () =>
          Promise.resolve([5, 10, 20, 50, 100].map((value) => ({ value, words: String(value) }))),
      },
    ],
    tone: 'main',
    preset: () => ({ threshold: 10 }),
  },
  'topic.support': AT_ONCE,
  'topic.withdraw_support': ASKED,
  'topic.set': AT_ONCE,
  'topic.discuss': AT_ONCE,
  'topic.decide': said('decision'),
  'topic.do': AT_ONCE,
  'topic.finish': said('doneWhat'),
  'topic.review': said('reviewWhat'),
  'topic.decline': said('declineWhy', 'danger'),

  'project.new': { fields: [title, text('projectText', false), dueDay, places] },
  'project.start': AT_ONCE,
  'project.report': { fields: [text('progress'), photos], tone: 'main' },
  'project.finish': { fields: [text('doneWhat'), photos], tone: 'main' },
  'project.review': said('reviewWhat'),
  'project.postpone': { fields: [dueDay, text('postponeWhy')] },
  'project.cancel': said('cancelWhy', 'danger'),

  'activity.new': {
    fields: [
      sorts('meeting', 'event', 'course', 'service'),
      title,
      starts,
      length,
      { name: 'venue', kind: 'line', words: 'venue' },
      { name: 'capacity', kind: 'number', words: 'capacity' },
      text('meetingText', false),
      places,
    ],
    preset: () => ({ kind: 'meeting', length: 90 }),
  },
  'activity.publish': AT_ONCE,
  'activity.sign_up': AT_ONCE,
  'activity.cancel_sign_up': ASKED,
  'activity.start': AT_ONCE,
  'activity.close': {
    fields: [{ name: 'headcount', kind: 'number', words: 'headcount' }, text('minutesText', false), photos],
    tone: 'main',
  },
  'activity.minutes': {
    fields: [text('minutesText'), photos],
    tone: 'main',
    preset: ({ result }) => ({ text: result ?? '' }),
  },
  'activity.reschedule': {
    fields: [starts, length, text('rescheduleWhy', false)],
    preset: () => ({ length: 90 }),
  },
  'activity.cancel': said('cancelWhy', 'danger'),

  'survey.open': {
    fields: [{ name: 'households', kind: 'number', words: 'households' }],
    tone: 'main',
    preset: (survey) => (survey.noun === 'survey' && survey.asked ? { households: survey.asked } : {}),
  },
  'survey.reply': said('replyWhat'),
  'survey.close': said('closeWhy', 'danger'),
  'survey.cancel': said('cancelWhy', 'danger'),

  ...OFFER_FORMS,
  ...RELATION_FORMS,
  ...DISPUTE_FORMS,
}

const firstLine = (words: string | null): string => (words ?? '').split('\n')[0]!.slice(0, 60)

addForms(FORMS)

export const subjectForm = (noun: SubjectKind, act: string): SubjectForm =>
  FORMS[`${noun}.${act}`] ?? { fields: [text('said', false)] }

/** The act whose form makes a new one: staff write down what others say. */
export const newAct = (noun: SubjectKind): string => (noun === 'opinion' && isStaff() ? 'hear' : 'new')

/** Acts without a button: a list of people does them, or they need a PC. */
const NO_BUTTON: ReadonlySet<string> = new Set([
  'activity.check_in',
  'activity.confirm',
  'survey.edit',
  'survey.paper',
  'survey.to_topic',
  'survey.repeat',
])
/** The acts that get a button, in the order of the forms. */
export function buttonActs({ noun, actions }: Subject): string[] {
  const order = Object.keys(FORMS)
  const rank = (act: string): number => order.indexOf(`${noun}.${act}`) + 1 || order.length + 1
  return actions
    .filter((act) => !NO_BUTTON.has(`${noun}.${act}`))
    .sort((one, other) => rank(one) - rank(other))
}

/** What an act is called: agreeing for somebody who said so has a name of its own. */
export function actName(subject: Subject, act: string): string {
  const own =
    'sides' in subject &&
    subject.sides.some(
      ({ mine, role, agreed_at, left_at }) => mine && role !== 'studio' && !agreed_at && !left_at,
    )
  const forAnother = act === 'agree' && !own
  return labelOf('action', `${subject.noun}.${forAnother ? 'agree_for' : act}`)
}

/**
 * What was entered as the API takes it: ids of what was chosen, an end in place of a length, fields of a group (`group.name`)
 * together; photos go before it.
 */
export function subjectBody(values: ActionValues): object {
  const { length: minutes, party, photo_ids, ...rest } = values
  void photo_ids // uploaded by whoever sends the form
  const parties = typeof party === 'string' ? { parties: [{ name: party.trim() }] } : {}
  const end =
    typeof minutes === 'number' && typeof rest['starts_at'] === 'string'
      ? { ends_at: new Date(Date.parse(rest['starts_at']) + minutes * 60_000).toISOString() }
      : {}
  const entered = Object.entries(rest).filter(([, value]) => value !== '' && value !== undefined)
  const body: Record<string, unknown> = { ...end, ...parties }
  for (const [name, value] of entered) {
    const [group, of] = name.split('.') as [string, string?]
    if (of) body[group] = { ...(body[group] as object | undefined), [of]: bare(value) }
    else body[name] = bare(value)
  }
  return body
}

/** The field at which a refusal is shown. */
export const fieldAt = (pointer: string): string =>
  pointer.startsWith('/on_behalf_of') ? 'on_behalf_of.phone' : fieldOf(pointer)

/** A place by its id; a position without an address is none, and the server says so at its field. */
function bare(value: unknown): unknown {
  if (typeof value === 'object' && value) return (value as { id?: string }).id
  return typeof value === 'string' ? value.trim() : value
}
