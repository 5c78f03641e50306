// All texts of the program, by section and language. A text missing in a language is shown in Chinese.
import type { Action } from '../services/actions'
import { mergeTables, type Tables } from './merge'
import { office } from './office'
import { otherWords } from './others'
import { staffZh } from './staff.zh'
import { zh } from './zh'

/** Texts for staff are in tables of their own. A section in both tables is merged. */
const all = mergeTables(zh, staffZh)

/** What packages add to the texts when one of their pages opens (`addWords`), and declare here. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the main package adds nothing
export interface PackageWords {}
export type Words = typeof all & PackageWords
export type Section = keyof Words
export type PartialWords = { [S in Section]?: Partial<Words[S]> }
type ResidentSection = Exclude<keyof typeof zh, keyof typeof office.zh>
/** What every language has: all texts that residents may see. Those of the office and of staff may be missing. */
export type ResidentWords = { [S in ResidentSection]: Record<keyof (typeof zh)[S], string> }
/** What no language may lack: the name of each action, and what is said once it is done. */
type Complete = Record<'action' | 'done', Record<Action, string>>
export type Language = 'zh-Hans' | 'en' | 'kk' | 'ug' | 'mn'
export type Direction = 'ltr' | 'rtl'

export type LanguageWords = PartialWords & Complete

interface LanguageTable {
  name: string // in its own script
  tag: string // of BCP 47: what the server is asked for, and what screen readers speak
  direction: Direction
  words: LanguageWords
}

/** To add ug or mn, add its table here; the server supports them already. */
const LANGUAGES: Partial<Record<Language, LanguageTable>> = {
  'zh-Hans': { name: '简体中文', tag: 'zh-Hans', direction: 'ltr', words: all },
  en: { name: 'English', tag: 'en', direction: 'ltr', words: otherWords.en },
  kk: { name: 'قازاقشا', tag: 'kk-Arab-CN', direction: 'rtl', words: otherWords.kk },
}

let current: Language = 'zh-Hans'

export const language = (): Language => current
export const languageTag = (): string => LANGUAGES[current]!.tag
export const direction = (): Direction => LANGUAGES[current]?.direction ?? 'ltr'
export const languages = (): { code: Language; name: string }[] =>
  (Object.keys(LANGUAGES) as Language[]).map((code) => ({ code, name: LANGUAGES[code]!.name }))

/** Give a language its texts after the start: the console loads only those that are read. */
export function setWords(code: Language, words: LanguageWords): void {
  LANGUAGES[code]!.words = words
}

export function useLanguage(code: Language): void {
  current = LANGUAGES[code] ? code : 'zh-Hans'
}

/** Return a section in the current language. */
export function wordsOf<S extends Section>(section: S): Words[S] {
  return { ...(all as Words)[section], ...LANGUAGES[current]?.words[section] }
}

/** Add the texts of a package. */
export function addWords(tables: Partial<Record<Language, Tables>>): void {
  for (const [code, sections] of Object.entries(tables)) {
    const words = (LANGUAGES[code as Language]?.words ?? {}) as Tables
    for (const [section, added] of Object.entries(sections)) words[section] = { ...words[section], ...added }
  }
}

/** Replace `{name}` in a sentence by values. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => isolated(String(values[name] ?? '')))
}

// A number or an address within Arabic script keeps its own direction: 0991-123 4567 is not read backwards.
const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'
const ARABIC = /[\u0600-\u08ff]/
function isolated(value: string): string {
  const turned = direction() === 'rtl' && value && !ARABIC.test(value)
  return turned ? FIRST_STRONG_ISOLATE + value + POP_ISOLATE : value
}

/** Return the text of an API code; without one, `otherwise` or the code itself. */
export function labelOf(section: Section, code: string, otherwise?: string): string {
  return (wordsOf(section) as Record<string, string>)[code] ?? otherwise ?? code
}
