// The sections of the word table that a page or component shows as `{{t.section.word}}`, in the current
// language.
import { type Section, type Words, wordsOf } from '../i18n/index'

export function wordSections(sections: readonly Section[]): Partial<Words> {
  return Object.fromEntries(sections.map((section) => [section, wordsOf(section)])) as Partial<Words>
}
