// Drafts of reports, one a category. They are saved with every keystroke, photos included, until they are
// sent.
import { readStorage, writeStorage } from '../platform/storage'
import type { Draft, PlaceChoice, Report } from './types'

const LIMIT = 5

export const blankDraft = (category = ''): Draft =>
  moveDraft(
    { category, place: null, note: '', text: '', shots: [], anonymous: false },
    readStorage<PlaceChoice>('place'),
  )

/** The draft at another place. The floor typed when a place was chosen comes and goes with that place. */
export function moveDraft(draft: Draft, place: PlaceChoice | null): Draft {
  const ownNote = draft.note === (draft.place?.note ?? '') ? '' : draft.note
  return { ...draft, place, note: place?.note ?? ownNote }
}

/** The draft to go on with; without content it follows the place chosen since. */
export function openDraft(category?: string): Draft {
  const draft = findDraft(category)
  if (!draft || hasContent(draft)) return draft ?? blankDraft(category)
  return moveDraft(draft, readStorage<PlaceChoice>('place'))
}

const all = (): Draft[] => readStorage<Draft[]>('drafts') ?? []
const others = (category: string): Draft[] => all().filter((each) => each.category !== category)

/** Return the draft of a category, or the newest with content. */
export function findDraft(category?: string): Draft | null {
  const matches = (draft: Draft): boolean =>
    category === undefined ? hasContent(draft) : draft.category === category
  return all().find(matches) ?? null
}

export const saveDraft = (draft: Draft): void =>
  writeStorage('drafts', [draft, ...others(draft.category)].slice(0, LIMIT))
export const removeDraft = (category: string): void => writeStorage('drafts', others(category))

/** Whether the draft has text or photos, which would be missed. */
export const hasContent = (draft: Draft | null): boolean =>
  Boolean(draft && (draft.text || draft.shots.length))

/** Return the draft as the API takes a report. */
export function reportOf({ category, place, note, text, anonymous, behalf }: Draft): Report {
  return {
    category,
    anonymous,
    ...(place?.id ? { place_id: place.id } : {}),
    ...(place?.position ? { position: place.position } : {}),
    ...(note.trim() ? { place_note: note.trim() } : {}),
    ...(text.trim() ? { description: text.trim() } : {}),
    ...(behalf
      ? {
          on_behalf_of: { name: behalf.name.trim() || null, phone: behalf.phone.trim() || null },
          channel: CHANNELS[behalf.way],
        }
      : {}),
  }
}

const CHANNELS = { call: 'call', visit: 'walk_in', door: 'visit' } as const // the API's names of the ways
