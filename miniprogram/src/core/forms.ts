// What each act asks for: a table from acts to fields, the same shapes as the API's. Which acts there are, the ticket's `actions` say.
import type { Ticket } from '../services/shapes'
import { all as categories, nameOf } from '../services/categories'
import { serving } from '../services/organisations'
import { list } from '../services/tickets'

export interface Option {
  value: string | number | boolean
  words: string
}

export type Kind = 'text' | 'choice' | 'many' | 'photos' | 'stars' | 'until' | 'place' | 'switch'

export interface Field {
  name: string
  kind: Kind
  required?: boolean
  /** Codes of i18n `choice`, or a question to the API. */
  options?: readonly (string | number | boolean)[] | ((ticket: Ticket) => Promise<Option[]>)
  words?: string // key in i18n `field`, when not the name
}

export interface Form {
  fields: readonly Field[]
  tone?: 'main' | 'danger'
  ask?: boolean // a sentence in i18n `ask` to agree to, where there is nothing to fill in
}

const text = (words?: string, required = true): Field => ({ name: 'text', kind: 'text', required, ...(words ? { words } : {}) })
const reason = (...options: string[]): Field => ({ name: 'reason', kind: 'choice', required: true, options })
const why: Field = { name: 'reason', kind: 'text', required: true }
const photos: Field = { name: 'photo_ids', kind: 'photos' }
const until: Field = { name: 'until', kind: 'until', required: true }

const organisations = async (ticket: Ticket): Promise<Option[]> =>
  ticket.place ? (await serving(ticket.place.id, ticket.category.code)).map((each) => ({ value: each.id, words: each.name })) : []

const catalogue = async (): Promise<Option[]> => (await categories()).map((each) => ({ value: each.code, words: nameOf(each) }))

const others = async (ticket: Ticket): Promise<Option[]> =>
  (await list('inbox', null, { category: ticket.category.code })).items
    .filter((each) => each.id !== ticket.id && each.status !== 'resolved')
    .map((each) => ({ value: each.id, words: [each.place?.label, each.no].filter(Boolean).join(' · ') }))

export const FORMS: Readonly<Record<string, Form>> = {
  answer: { fields: [text('textAnswer'), photos], tone: 'main' },
  confirm: {
    fields: [{ name: 'verdict', kind: 'choice', required: true, options: ['solved', 'partly'] }, { name: 'rating', kind: 'stars' }, text(undefined, false)],
    tone: 'main',
  },
  reopen: { fields: [text('textReopen'), photos] },
  appeal: { fields: [text('textAppeal')], tone: 'main' },
  vote: { fields: [{ name: 'still_there', kind: 'choice', required: true, options: [true, false] }], tone: 'main' },
  accept: { fields: [], tone: 'main' },
  take: { fields: [], tone: 'main' },
  dispatch: { fields: [{ name: 'organisation_id', kind: 'choice', required: true, options: organisations }, { name: 'note', kind: 'text' }], tone: 'main' },
  resolve: {
    fields: [{ name: 'outcome', kind: 'choice', required: true, options: ['fixed', 'partial', 'explained', 'referred', 'listed', 'no_fault'] }, text('textResolve'), photos],
    tone: 'main',
  },
  urge: { fields: [], ask: true },
  comment: { fields: [text('textComment'), photos] },
  edit: { fields: [{ name: 'description', kind: 'text' }, photos] },
  resume: { fields: [], ask: true },
  wait: { fields: [reason('parts', 'weather', 'access', 'fund', 'third_party'), until] },
  ask: { fields: [text('textAsk'), until] },
  hand_back: {
    fields: [reason('not_our_place', 'not_our_trade', 'no_contract', 'needs_other'), text(undefined, false), photos, { name: 'proposed_organisation_id', kind: 'choice', options: organisations }],
  },
  recall: { fields: [], ask: true },
  recategorise: { fields: [{ name: 'category', kind: 'choice', required: true, options: catalogue }, why] },
  merge: { fields: [{ name: 'into', kind: 'choice', required: true, options: others }] },
  unmerge: { fields: [], ask: true },
  escalate: { fields: [why] },
  return: { fields: [why] },
  reassign: { fields: [{ name: 'place_id', kind: 'place', required: true }] },
  not_mine: { fields: [why] },
  extend: { fields: [{ name: 'minutes', kind: 'choice', required: true, options: [210, 420, 1260] }, why] },
  call_up: { fields: [{ name: 'organisation_ids', kind: 'many', required: true, options: organisations }, text()] },
  report: { fields: [text(), photos], tone: 'main' },
  release: { fields: [{ name: 'organisation_id', kind: 'choice', required: true, options: organisations }, why] },
  settle: { fields: [text()], tone: 'main' },
  reject: { fields: [reason('not_ours', 'private_matter', 'duplicate', 'no_fault', 'unclear', 'illegal_request'), text('textReject')], tone: 'danger' },
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
