// How everything looks: language and direction, size of text. Colours follow the phone by media query (app.wxss).
import { direction, language, use, type Language } from '../i18n/index'
import { keep, recall } from './box'
import { store } from './store'

export interface Look {
  class: string
  style: string
}

export const SIZES = [1, 1.2, 1.45] as const // standard, large, largest
const LARGEST = 2 // the phone's own factor included; beyond it words no longer fit beside each other

export function chosenSize(): number {
  return recall<number>('size') ?? 1
}

/** The phone's own setting times the switch in here. */
export function scale(): number {
  const phone = Number(wx.getAppBaseInfo().fontSizeScaleFactor) || 1
  return Math.min(LARGEST, Math.max(0.9, phone * chosenSize()))
}

export function look(): Look {
  const k = scale()
  return {
    class: `look ${direction()} ${language()}${k >= 1.3 ? ' large' : ''}`,
    style: `--k:${k};direction:${direction()};`,
  }
}

export function setSize(size: number): void {
  keep('size', size)
  changed()
}

export function setLanguage(code: Language): void {
  keep('language', code)
  use(code)
  changed()
}

/** Use what was chosen before, else the phone's own language. */
export function dress(): void {
  use(recall<Language>('language') ?? spoken(wx.getAppBaseInfo().language))
}

function spoken(system: string): Language {
  if (/^en/i.test(system)) return 'en'
  return /^kk/i.test(system) ? 'kk' : 'zh-Hans'
}

function changed(): void {
  store.set({ look: store.get().look + 1 })
}
