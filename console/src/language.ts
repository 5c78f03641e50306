// The reader's language: kept in the browser, spoken by the page, asked of the server.
import { useSyncExternalStore } from 'react'
import {
  direction,
  language,
  languages,
  languageTag,
  type Language,
  useLanguage as speak,
} from '@mini/i18n/index'
import { askForLanguage } from './platform/http'
import { loadWords } from './words'

const KEY = 'loudeng.language'
const watchers = new Set<() => void>()

async function apply(code: Language): Promise<void> {
  await loadWords(code)
  speak(code)
  askForLanguage(languageTag())
  Object.assign(document.documentElement, { lang: languageTag(), dir: direction() })
}

export const startLanguage = (): Promise<void> =>
  apply((localStorage.getItem(KEY) as Language | null) ?? 'zh-Hans')

export async function setLanguage(code: Language): Promise<void> {
  localStorage.setItem(KEY, code)
  await apply(code)
  for (const watcher of watchers) watcher()
}

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** The current language; whoever uses it is drawn anew when it changes. */
export const useCurrentLanguage = (): Language => useSyncExternalStore(watch, language)
export { languages, languageTag }
