// The catalogue of problems; it changes rarely, so it is asked for once and the last one serves a dead network.
import { language } from '../i18n/index'
import { keep, recall } from '../core/box'
import { call } from '../core/request'
import type { Category, List } from './shapes'

let known: Promise<Category[]> | null = null

export function all(): Promise<Category[]> {
  known ??= fetched().catch((error: unknown) => {
    known = null
    const kept = recall<Category[]>('categories')
    if (kept) return kept
    throw error
  })
  return known
}

async function fetched(): Promise<Category[]> {
  const { items } = await call<List<Category>>({ path: '/categories' })
  keep('categories', items)
  return items
}

/** What a category is called in the language in use. */
export function nameOf(category: { zh: string; en: string }): string {
  return language() === 'en' ? category.en : category.zh
}
