// The catalogue of categories, named in the current language. It changes rarely: it is fetched once, and without
// a network the last copy serves.
import { language, type Language } from '../i18n/index'
import { readStorage, writeStorage } from '../platform/storage'
import { listCategories } from '../services/categories'
import type { Category } from '../services/shapes'

const catalogues: Partial<Record<Language, Promise<Category[]>>> = {}

export function fetchCategories(): Promise<Category[]> {
  const code = language()
  return (catalogues[code] ??= download(`categories:${code}`).catch((error: unknown) => {
    delete catalogues[code]
    const copy = readStorage<Category[]>(`categories:${code}`)
    if (copy) return copy
    throw error
  }))
}

async function download(key: string): Promise<Category[]> {
  const items = await listCategories()
  writeStorage(key, items)
  return items
}
