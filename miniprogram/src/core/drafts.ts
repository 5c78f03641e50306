// The reports being written, one a category: kept with every keystroke, photos too, until they are sent.
import { keep, recall } from './box'
import type { Report } from '../services/reports'
import type { Shot } from './outbox'
import type { Picked } from './picking'

/** Somebody who told staff by word of mouth (代报), and how. */
export interface Behalf {
  name: string
  phone: string
  way: 'call' | 'visit' | 'door'
}

export interface Draft {
  category: string
  place: Picked | null
  note: string
  text: string
  shots: Shot[]
  anonymous: boolean
  behalf?: Behalf | null
}

const MOST = 5

export const blank = (category = ''): Draft => ({ category, place: recall<Picked>('place'), note: '', text: '', shots: [], anonymous: false })

const all = (): Draft[] => recall<Draft[]>('drafts') ?? []
const others = (category: string): Draft[] => all().filter((each) => each.category !== category)

/** The draft of a category, or the newest that would be missed. */
export function draft(category?: string): Draft | null {
  return all().find((each) => (category === undefined ? worthKeeping(each) : each.category === category)) ?? null
}

export const keepDraft = (written: Draft): void => keep('drafts', [written, ...others(written.category)].slice(0, MOST))
export const dropDraft = (category: string): void => keep('drafts', others(category))

/** Whether there is something in it that would be missed. */
export const worthKeeping = (written: Draft | null): boolean => Boolean(written && (written.text || written.shots.length))

/** What the API takes of it. */
export function reportOf({ category, place, note, text, anonymous, behalf }: Draft): Report {
  return {
    category,
    anonymous,
    ...(place?.id ? { place_id: place.id } : {}),
    ...(place?.position ? { position: place.position } : {}),
    ...(note.trim() ? { place_note: note.trim() } : {}),
    ...(text.trim() ? { description: text.trim() } : {}),
    ...(behalf ? { on_behalf_of: { name: behalf.name.trim() || null, phone: behalf.phone.trim() || null }, channel: CHANNELS[behalf.way] } : {}),
  }
}

const CHANNELS = { call: 'call', visit: 'walk_in', door: 'visit' } as const // what the API calls the ways
