// Language, reading direction and text size of every page. Colours follow the phone by media query
// (app.wxss).
import { store } from '../domain/store'
import { direction, language, type Language, languageTag, useLanguage } from '../i18n/index'
import { askForLanguage } from '../platform/http'
import { readStorage, writeStorage } from '../platform/storage'

/** The class and style of a page's root element. */
export interface Theme {
  class: string
  style: string
}

export const TEXT_SIZES = [1, 1.2, 1.45] as const // standard, large, largest
const SMALLEST_SCALE = 0.9
const LARGEST_SCALE = 2 // with the phone's own factor; beyond it two words no longer fit side by side

export function textSize(): number {
  return readStorage<number>('size') ?? 1
}

/** The factor of all text: the phone's own setting times the size chosen in the program. */
export function fontScale(): number {
  const phone = Number(wx.getAppBaseInfo().fontSizeScaleFactor) || 1
  return Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, phone * textSize()))
}

export function currentTheme(): Theme {
  const k = fontScale()
  return {
    class: `theme ${direction()} ${language()} lang-${languageTag()}${k >= 1.3 ? ' large' : ''}`,
    style: `--k:${k};direction:${direction()};`,
  }
}

export function setTextSize(size: number): void {
  writeStorage('size', size)
  themeChanged()
}

export function setLanguage(code: Language): void {
  writeStorage('language', code)
  speak(code)
  themeChanged()
}

/** Use the language chosen before, else the phone's own. */
export function applyLanguage(): void {
  speak(readStorage<Language>('language') ?? languageOfPhone(wx.getAppBaseInfo().language))
}

function speak(code: Language): void {
  useLanguage(code)
  askForLanguage(languageTag())
}

function languageOfPhone(locale: string): Language {
  if (/^en/i.test(locale)) return 'en'
  return /^kk/i.test(locale) ? 'kk' : 'zh-Hans'
}

/** Make every page show its texts again. */
export function themeChanged(): void {
  store.set({ themeVersion: store.get().themeVersion + 1 })
}
