// What each act asks for: a table from acts to fields, the same shapes as the API's. Which acts there are, the ticket's `actions` say.
import { say } from '../i18n/index'
import { calledOf } from './called'
import { worth } from './time'
import type { Category, Ticket } from '../services/shapes'
import { all as categories, nameOf } from '../services/categories'
import { around, serving } from '../services/organisations'
import { list } from '../services/tickets'

export interface Option {
  value: string | number | boolean
  words: string
  usual?: boolean // chosen unless one says otherwise
}

export type Kind = 'text' | 'choice' | 'many' | 'photos' | 'stars' | 'until' | 'place' | 'said'

export interface Field {
  name: string
  kind: Kind
  required?: boolean
  /** Codes of i18n `choice`, or a question to the API. */
  options?: readonly (string | number | boolean)[] | ((ticket: Ticket) => Promise<Option[]>)
  words?: string // key in i18n `field`, when not the name
  /** Whether the server will ask for it, with this ticket. */
  must?: (ticket: Ticket) => Promise<boolean>
}

export interface Form {
  fields: readonly Field[]
  tone?: 'main' | 'danger'
  ask?: boolean // a sentence in i18n `ask` to agree to, where there is nothing to fill in
  as?: string // the API's name of the act, where the desk has two for one
  plus?: object // what is always sent with it
}

const text = (words?: string, required = true): Field => ({ name: 'text', kind: 'text', required, ...(words ? { words } : {}) })
const reason = (...options: string[]): Field => ({ name: 'reason', kind: 'choice', required: true, options })
const why: Field = { name: 'reason', kind: 'text', required: true }
const photos: Field = { name: 'photo_ids', kind: 'photos' }
const until: Field = { name: 'until', kind: 'until', required: true }

const said = (words: string): Field => ({ name: words, kind: 'said' })

const organisations = async (ticket: Ticket): Promise<Option[]> =>
  ticket.place ? (await serving(ticket.place.id, ticket.category.code)).map((each) => ({ value: each.id, words: each.default ? `${each.name} · ${say('desk').usual}` : each.name, usual: each.default })) : []

const proposable = async (ticket: Ticket): Promise<Option[]> => (await around(ticket.id)).map((each) => ({ value: each.id, words: each.name }))

// Who serves the place, departments first: they are the ones called.
const departments = async (ticket: Ticket): Promise<Option[]> =>
  ticket.place ? (await serving(ticket.place.id, ticket.category.code)).sort((a, b) => Number(b.kind === 'department') - Number(a.kind === 'department')).map((each) => ({ value: each.id, words: each.name })) : []

const called = async (ticket: Ticket): Promise<Option[]> => calledOf(ticket).filter((each) => !each.released_at && !each.reported_at).map(({ organisation: { id, name } }) => ({ value: id ?? '', words: name }))

const categoryOf = async (ticket: Ticket): Promise<Category | undefined> => (await categories()).find((each) => each.code === ticket.category.code)

const photoAsked = async (ticket: Ticket): Promise<boolean> => Boolean((await categoryOf(ticket))?.photo_on_resolve)

const PORTIONS = [0.25, 0.5, 1] // of the category's limit; more than all of it is never granted

const longer = async (ticket: Ticket): Promise<Option[]> => {
  const category = await categoryOf(ticket)
  return category ? PORTIONS.map((portion) => Math.round(category.resolve_minutes * portion)).map((value) => ({ value, words: worth(value, category.clock_resolve) })) : []
}

const catalogue = async (): Promise<Option[]> => (await categories()).map((each) => ({ value: each.code, words: nameOf(each) }))

const others = async (ticket: Ticket): Promise<Option[]> =>
  (await list('inbox', null, { category: ticket.category.code })).items
    .filter((each) => each.id !== ticket.id && each.status !== 'resolved')
    .map((each) => ({ value: each.id, words: [each.place?.label, each.no].filter(Boolean).join(' · ') }))

const RESOLVE: Form = {
  fields: [
    { name: 'outcome', kind: 'choice', required: true, options: ['fixed', 'partial', 'explained', 'referred', 'listed', 'no_fault'] },
    text('textResolve'),
    { ...photos, words: 'photosAfter', must: photoAsked },
  ],
  tone: 'main',
}

export const FORMS: Readonly<Record<string, Form>> = {
  answer: { fields: [text('textAnswer'), photos], tone: 'main' },
  confirm: {
    fields: [{ name: 'verdict', kind: 'choice', required: true, options: ['solved', 'partly'] }, { name: 'rating', kind: 'stars' }, text(undefined, false)],
    tone: 'main',
  },
  reopen: { fields: [text('textReopen'), photos] },
  redo: { fields: [text('textReopen'), photos], as: 'reopen' },
  appeal: { fields: [text('textAppeal')], tone: 'main' },
  vote: { fields: [{ name: 'still_there', kind: 'choice', required: true, options: [true, false] }], tone: 'main' },
  accept: { fields: [], tone: 'main' },
  take: { fields: [], tone: 'main' },
  arrive: { fields: [], tone: 'main', as: 'take' },
  dispatch: { fields: [{ name: 'organisation_id', kind: 'choice', required: true, options: organisations }, { name: 'note', kind: 'text', words: 'noteDispatch' }], tone: 'main' },
  report: { fields: [text('textReport'), photos], tone: 'main' },
  resolve: RESOLVE,
  verify: { ...RESOLVE, as: 'resolve' },
  urge: { fields: [], ask: true },
  comment: { fields: [text('textComment'), photos] },
  note: { fields: [said('saidNote'), text('textNote'), photos], as: 'comment', plus: { internal: true } },
  edit: { fields: [{ name: 'description', kind: 'text' }, photos] },
  resume: { fields: [], ask: true },
  wait: { fields: [reason('parts', 'weather', 'access', 'fund', 'third_party'), until, said('saidWait')] },
  ask: { fields: [text('textAsk'), until, said('saidWait')] },
  hand_back: {
    fields: [reason('not_our_place', 'not_our_trade', 'no_contract', 'needs_other'), text('textHandBack', false), photos, { name: 'proposed_organisation_id', kind: 'choice', options: proposable }],
  },
  recall: { fields: [], ask: true },
  recategorise: { fields: [{ name: 'category', kind: 'choice', required: true, options: catalogue }, why] },
  merge: { fields: [{ name: 'into', kind: 'choice', required: true, options: others }] },
  unmerge: { fields: [], ask: true },
  escalate: { fields: [why] },
  return: { fields: [why] },
  reassign: { fields: [{ name: 'place_id', kind: 'place', required: true, words: 'placeRight' }] },
  not_mine: { fields: [why] },
  extend: { fields: [{ name: 'minutes', kind: 'choice', required: true, options: longer }, why, said('saidExtend')] },
  call_up: { fields: [{ name: 'organisation_ids', kind: 'many', required: true, options: departments, words: 'callUps' }, text('textCallUp'), said('saidCallUp')] },
  release: { fields: [{ name: 'organisation_id', kind: 'choice', required: true, options: called, words: 'releaseWhom' }, why] },
  settle: { fields: [text('textSettle')], tone: 'main' },
  reject: { fields: [reason('not_ours', 'private_matter', 'duplicate', 'no_fault', 'unclear', 'illegal_request'), text('textReject'), said('saidReject')], tone: 'danger' },
  withdraw: { fields: [], ask: true, tone: 'danger' },
}

const NOTHING: Form = { fields: [text(undefined, false)] }

/** An act this version knows nothing of still gets a button and one line. */
export const formOf = (action: string): Form => FORMS[action] ?? NOTHING

const ORDER = Object.keys(FORMS)

/** The acts as buttons: what moves things on first. */
export function ordered(actions: readonly string[]): string[] {
  const rank = (action: string): number => (ORDER.includes(action) ? ORDER.indexOf(action) : ORDER.length)
  return [...actions].sort((a, b) => rank(a) - rank(b))
}
