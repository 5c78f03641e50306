// The form of each action: a table from actions to fields, as the API takes them. A ticket's `actions` say
// which are possible.
import { wordsOf } from '../i18n/index'
import type { Action } from '../services/actions'
import { listForDispatch, listOrganisations, listProposable } from '../services/organisations'
import type { Category, Ticket } from '../services/shapes'
import { listGridChoices, listTickets } from '../services/tickets'
import { fetchCategories } from './categories'
import { departmentCalls } from './departments'
import { formatLimit, shanghaiTime } from './time'
import type { ActionValues } from './types'

export interface Option {
  value: string | number | boolean
  words: string
  hint?: string // a second line, of a `pick`
  preselected?: boolean // selected until the user chooses another
}

/** A `pick` is a choice whose options are rows, a `line` a text of one line, a `when` an hour of the coming weeks. */
export type Kind =
  | 'text'
  | 'line'
  | 'number'
  | 'choice'
  | 'pick'
  | 'many'
  | 'photos'
  | 'stars'
  | 'until'
  | 'when'
  | 'place'
  | 'info'

/** A field of an act's form; `T` is what the act is on. */
export interface Field<T = Ticket> {
  name: string
  kind: Kind
  required?: boolean
  /** Codes of i18n `choice`, or a function that asks the API. */
  options?: readonly (string | number | boolean)[] | ((on: T) => Promise<Option[]>)
  words?: string // key in i18n `field`, when it is not the name
  /** Whether the server requires the field for this ticket. */
  requiredFor?: (on: T) => Promise<boolean>
  /** Phrases that a tap writes into a text. */
  phrases?: (on: T) => Promise<string[]>
}

export interface Form<T = Ticket> {
  fields: readonly Field<T>[]
  tone?: 'main' | 'danger'
  ask?: boolean // ask for confirmation (i18n `ask`); for actions without fields
  as?: string // the API's name, where the workbench has two names for one action
  plus?: object // values that are always sent
  atOnce?: string // the field whose choice is sent at once, and alone
  preset?: (on: T) => ActionValues // what the form begins with
}

/** Actions that have another name at the workbench: see `workbenchAction`. */
type WorkbenchAction = 'arrive' | 'note' | 'partly' | 'redo' | 'solved' | 'verify'

const text = (words?: string, required = true): Field => ({
  name: 'text',
  kind: 'text',
  required,
  ...(words ? { words } : {}),
})
const reason = (...options: string[]): Field => ({ name: 'reason', kind: 'choice', required: true, options })
const why: Field = { name: 'reason', kind: 'text', required: true }
const photos: Field = { name: 'photo_ids', kind: 'photos' }
const until: Field = { name: 'until', kind: 'until', required: true }

const infoText = (words: string): Field => ({ name: words, kind: 'info' })

const organisationOptions = async (ticket: Ticket): Promise<Option[]> => {
  const { usual, proposed } = wordsOf('workbench')
  const why = (id: string): string => (id === ticket.latest?.data['proposed'] ? proposed : usual)
  return (await listForDispatch(ticket.id, ticket.category.code)).map((each) => ({
    value: each.id,
    words: each.default ? `${each.name} · ${why(each.id)}` : each.name,
    preselected: each.default,
  }))
}

const proposableOptions = async (ticket: Ticket): Promise<Option[]> =>
  (await listProposable(ticket.id)).map((each) => ({ value: each.id, words: each.name }))

// Organisations that serve the place, departments first.
const departmentOptions = async (ticket: Ticket): Promise<Option[]> =>
  ticket.place
    ? (await listOrganisations(ticket.place.id, ticket.category.code))
        .sort((a, b) => Number(b.kind === 'department') - Number(a.kind === 'department'))
        .map((each) => ({ value: each.id, words: each.name }))
    : []

const calledOptions = (ticket: Ticket): Promise<Option[]> =>
  Promise.resolve(
    departmentCalls(ticket)
      .filter((each) => !each.released_at && !each.reported_at)
      .map(({ organisation: { id, name } }) => ({ value: id ?? '', words: name })),
  )

const categoryOf = async (ticket: Ticket): Promise<Category | undefined> =>
  (await fetchCategories()).find((each) => each.code === ticket.category.code)

const resolvePhrases = async (ticket: Ticket): Promise<string[]> => (await categoryOf(ticket))?.phrases ?? []

const requiresPhoto = async (ticket: Ticket): Promise<boolean> =>
  Boolean((await categoryOf(ticket))?.photo_on_resolve)

const PORTIONS = [0.25, 0.5, 1] // of the category's limit; the server never grants more than all of it

const extensionOptions = async (ticket: Ticket): Promise<Option[]> => {
  const category = await categoryOf(ticket)
  return category
    ? PORTIONS.map((portion) => Math.round(category.resolve_minutes * portion)).map((value) => ({
        value,
        words: formatLimit(value, category.clock_resolve),
      }))
    : []
}

export const categoryOptions = async (): Promise<Option[]> =>
  (await fetchCategories()).map((each) => ({ value: each.code, words: each.name }))

const mergeOptions = async (ticket: Ticket): Promise<Option[]> =>
  (await listTickets('inbox', null, { category: ticket.category.code })).items
    .filter((each) => each.id !== ticket.id && each.status !== 'resolved')
    .map((each) => ({ value: each.id, words: [each.place?.label, each.no].filter(Boolean).join(' · ') }))

const gridOptions = async (ticket: Ticket): Promise<Option[]> => {
  const words = wordsOf('workbench')
  return (await listGridChoices(ticket.id)).map((each) => ({
    value: each.id,
    words: each.label,
    hint: [
      each.role_name ? [each.role_name, each.name].filter(Boolean).join(' ') : words.nobodyHere,
      each.covers && words.covers,
      each.sent_back && words.justSentBack,
    ]
      .filter(Boolean)
      .join(' · '),
  }))
}

const RESOLVE: Form = {
  fields: [
    {
      name: 'outcome',
      kind: 'choice',
      required: true,
      options: ['fixed', 'partial', 'explained', 'referred', 'listed', 'no_fault'],
    },
    { ...text('textResolve'), phrases: resolvePhrases },
    { ...photos, words: 'photosAfter', requiredFor: requiresPhoto },
  ],
  tone: 'main',
  preset: () => ({ outcome: 'fixed' }),
}

/** An answer to "is it fixed?"; how satisfied one is comes after it. */
const verdict = (answer: string): Form => ({
  fields: [{ name: 'rating', kind: 'stars' }, text(undefined, false)],
  tone: 'main',
  as: 'confirm',
  plus: { verdict: answer },
})

const TOMORROW_EVENING = (): ActionValues => ({ until: shanghaiTime(1, 17.5 * 60) }) // office hours end at 17:30

/** One for each action of the API: the compiler names those that are missing. */
export const FORMS: Readonly<Record<Action | WorkbenchAction, Form>> = {
  answer: { fields: [text('textAnswer'), photos], tone: 'main' },
  confirm: {
    fields: [
      { name: 'verdict', kind: 'choice', required: true, options: ['solved', 'partly'] },
      { name: 'rating', kind: 'stars' },
      text(undefined, false),
    ],
    tone: 'main',
  },
  solved: verdict('solved'),
  partly: verdict('partly'),
  reopen: { fields: [text('textReopen'), photos] },
  redo: { fields: [text('textReopen'), photos], as: 'reopen' },
  appeal: { fields: [text('textAppeal')], tone: 'main' },
  vote: {
    fields: [{ name: 'still_there', kind: 'choice', required: true, options: [true, false] }],
    tone: 'main',
  },
  accept: { fields: [], tone: 'main' },
  take: { fields: [], tone: 'main' },
  arrive: { fields: [], tone: 'main', as: 'take' },
  dispatch: {
    fields: [
      { name: 'organisation_id', kind: 'choice', required: true, options: organisationOptions },
      { name: 'note', kind: 'text', words: 'noteDispatch' },
    ],
    tone: 'main',
  },
  report: { fields: [text('textReport'), photos], tone: 'main' },
  resolve: RESOLVE,
  verify: { ...RESOLVE, as: 'resolve', preset: (ticket) => ({ outcome: ticket.claim?.['outcome'] }) }, // as claimed
  undo: { fields: [] },
  comment: { fields: [text('textComment'), photos] },
  note: { fields: [infoText('infoNote'), text('textNote'), photos], as: 'comment', plus: { internal: true } },
  edit: {
    fields: [{ name: 'description', kind: 'text' }, photos],
    preset: (ticket) => ({
      description: ticket.description ?? '',
      photo_ids: ticket.photos.map((photo) => ({ path: photo.id, id: photo.id, thumb: photo.thumb_url })),
    }),
  },
  urge: { fields: [], ask: true },
  resume: { fields: [], ask: true },
  wait: {
    fields: [reason('parts', 'weather', 'access', 'fund', 'third_party'), until, infoText('infoWait')],
    preset: TOMORROW_EVENING,
  },
  ask: { fields: [text('textAsk'), until, infoText('infoWait')], preset: TOMORROW_EVENING },
  hand_back: {
    fields: [
      reason('not_our_place', 'not_our_trade', 'no_contract', 'needs_other'),
      text('textHandBack', false),
      photos,
      { name: 'proposed_organisation_id', kind: 'choice', options: proposableOptions },
    ],
  },
  recall: { fields: [], ask: true },
  recategorise: {
    fields: [{ name: 'category', kind: 'choice', required: true, options: categoryOptions }, why],
  },
  merge: { fields: [{ name: 'into', kind: 'choice', required: true, options: mergeOptions }] },
  unmerge: { fields: [], ask: true },
  split: {
    fields: [
      { name: 'description', kind: 'text', required: true, words: 'textSplit' },
      { name: 'category', kind: 'choice', options: categoryOptions },
      photos,
      infoText('infoSplit'),
    ],
  },
  escalate: { fields: [why] },
  return: { fields: [why] },
  reassign: {
    fields: [
      { name: 'grid_id', kind: 'pick', options: gridOptions, words: 'gridRight' },
      { name: 'place_id', kind: 'place', words: 'placeRight' },
    ],
    tone: 'main',
    atOnce: 'grid_id',
  },
  not_mine: { fields: [why] },
  extend: {
    fields: [
      { name: 'minutes', kind: 'choice', required: true, options: extensionOptions },
      why,
      infoText('infoExtend'),
    ],
  },
  call_up: {
    fields: [
      {
        name: 'organisation_ids',
        kind: 'many',
        required: true,
        options: departmentOptions,
        words: 'callUps',
      },
      text('textCallUp'),
      infoText('infoCallUp'),
    ],
  },
  release: {
    fields: [
      {
        name: 'organisation_id',
        kind: 'choice',
        required: true,
        options: calledOptions,
        words: 'releaseWhom',
      },
      why,
    ],
  },
  settle: { fields: [text('textSettle')], tone: 'main' },
  reject: {
    fields: [
      reason('not_ours', 'private_matter', 'duplicate', 'no_fault', 'unclear', 'illegal_request'),
      text('textReject'),
      infoText('infoReject'),
    ],
    tone: 'danger',
  },
  withdraw: { fields: [], ask: true, tone: 'danger' },
}

const DEFAULT_FORM: Form = { fields: [text(undefined, false)] }

/** Forms of a package, for what it acts on. Components show their fields; they look at nothing else of them. */
const added: Record<string, Form> = {}
export const addForms = <T>(forms: Readonly<Record<string, Form<T>>>): object => Object.assign(added, forms)

/** An action this version does not know gets a button and a text field. */
export const formOf = (action: string): Form =>
  (FORMS as Record<string, Form>)[action] ?? added[action] ?? DEFAULT_FORM

/** The answers to "is it fixed?" that a ticket allows, the best first. */
export const verdictAnswers = (ticket: Ticket): string[] =>
  ['solved', 'partly', 'reopen'].filter((action) => ticket.actions.includes(formOf(action).as ?? action))

const ORDER = Object.keys(FORMS)

/** Sort actions for display, in the order of FORMS. */
export function sortActions(actions: readonly string[]): string[] {
  const rank = (action: string): number => (ORDER.includes(action) ? ORDER.indexOf(action) : ORDER.length)
  return [...actions].sort((a, b) => rank(a) - rank(b))
}
