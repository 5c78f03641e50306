// Every word people read, by section and language; what a language has not yet is said in Chinese.
import { en } from './en'
import { kk } from './kk'
import { staffEn } from './staff.en'
import { staffZh } from './staff.zh'
import { zh } from './zh'

/** Staff's words stand in tables of their own; a section both have is one section. */
const all = joined(zh, staffZh)

export type Words = typeof all
export type Section = keyof Words
export type Partly = { [S in Section]?: Partial<Words[S]> }
export type Language = 'zh-Hans' | 'en' | 'kk' | 'ug' | 'mn'
export type Direction = 'ltr' | 'rtl'

interface Spoken {
  name: string // as its speakers write it
  direction: Direction
  words: Partly
}

/** ug and mn need only their table here; the server knows them already. */
const LANGUAGES: Partial<Record<Language, Spoken>> = {
  'zh-Hans': { name: '简体中文', direction: 'ltr', words: all },
  en: { name: 'English', direction: 'ltr', words: joined(en, staffEn) as Partly },
  kk: { name: 'قازاقشا', direction: 'rtl', words: kk },
}

let current: Language = 'zh-Hans'

export const language = (): Language => current
export const direction = (): Direction => LANGUAGES[current]?.direction ?? 'ltr'
export const languages = (): { code: Language; name: string }[] =>
  (Object.keys(LANGUAGES) as Language[]).map((code) => ({ code, name: LANGUAGES[code]!.name }))

export function use(code: Language): void {
  current = LANGUAGES[code] ? code : 'zh-Hans'
}

/** Return a section in the language in use. */
export function say<S extends Section>(section: S): Words[S] {
  return { ...all[section], ...LANGUAGES[current]?.words[section] }
}

/** Put values into `{name}` places. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** Return what a code of the API is called; the server's own word, or the code, where we have none. */
export function called(section: Section, code: string, otherwise?: string): string {
  return (say(section) as Record<string, string>)[code] ?? otherwise ?? code
}

type Tables = Record<string, Record<string, string>>
type Joined<A, B> = { [S in keyof A | keyof B]: (S extends keyof A ? A[S] : object) & (S extends keyof B ? B[S] : object) }

function joined<A, B>(one: A, other: B): Joined<A, B> {
  const [table, more] = [one, other] as [Tables, Tables]
  return { ...table, ...Object.fromEntries(Object.entries(more).map(([section, words]) => [section, { ...table[section], ...words }])) } as Joined<A, B>
}
