// The report being written: kept with every keystroke, photos too, until it is sent.
import { drop, keep, recall } from './box'
import type { Report } from '../services/reports'
import type { Shot } from './outbox'
import type { Picked } from './picking'
import { fill, say } from '../i18n/index'

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

export const blank = (category = ''): Draft => ({ category, place: recall<Picked>('place'), note: '', text: '', shots: [], anonymous: false })

export const draft = (): Draft | null => recall<Draft>('draft')
export const keepDraft = (written: Draft): void => keep('draft', written)
export const dropDraft = (): void => drop('draft')

/** Whether there is something in it that would be missed. */
export const worthKeeping = (written: Draft | null): boolean => Boolean(written && (written.text || written.shots.length))

/** What the API takes of it. */
export function reportOf({ category, place, note, text: written, anonymous, behalf }: Draft): Report {
  const text = behalf && written.trim() ? told(behalf, written.trim()) : written
  return {
    category,
    anonymous,
    ...(place?.id ? { place_id: place.id } : {}),
    ...(place?.position ? { position: place.position } : {}),
    ...(note.trim() ? { place_note: note.trim() } : {}),
    ...(text.trim() ? { description: text.trim() } : {}),
    ...(behalf ? { on_behalf_of: { name: behalf.name.trim() || null, phone: behalf.phone.trim() || null } } : {}),
  }
}

// The API has no field for how it came, so the words begin with it.
const told = ({ way }: Behalf, text: string): string => fill(say('behalf').said, { way: say('behalf')[way], text })
