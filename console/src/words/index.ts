// The console's own texts. Everything that the mini-program says too is taken from its tables.
import { addWords, type Language, language, type LanguageWords, setWords } from '@mini/i18n/index'
import type {} from '@mini/office/words/index' // what sections the office's texts have
import { zh as office } from '@mini/office/words/zh'
import { zh } from './zh'

addWords({ 'zh-Hans': office })

export type ConsoleWords = { [S in keyof typeof zh]: Record<keyof (typeof zh)[S], string> }

const tables: Partial<Record<Language, ConsoleWords>> = { 'zh-Hans': zh }

/** Languages whose texts are loaded when somebody reads them. */
const LOADERS: Partial<Record<Language, () => Promise<{ mini: LanguageWords; own: ConsoleWords }>>> = {
  en: () => import('./english'),
  kk: () => import('./kazakh'),
}

/** Load what a language says; without a network its words stay Chinese. */
export async function loadWords(code: Language): Promise<void> {
  const loaded = tables[code] ? undefined : await LOADERS[code]?.().catch(() => undefined)
  if (!loaded) return
  setWords(code, loaded.mini)
  tables[code] = loaded.own
}

export const words = (): ConsoleWords => tables[language()] ?? zh
