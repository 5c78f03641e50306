// What a page or part is given besides its own: its words in the language in use, and how it looks.
import { say, type Section, type Words } from '../i18n/index'

export function spokenWords(sections: readonly Section[]): Partial<Words> {
  return Object.fromEntries(sections.map((section) => [section, say(section)])) as Partial<Words>
}
