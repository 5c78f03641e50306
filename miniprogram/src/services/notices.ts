// The inbox of notices, and how many are unread.
import { call } from '../core/request'
import { store } from '../core/store'
import type { Notices, Wishes, WishesForm } from './shapes'

export async function list(cursor?: string | null): Promise<Notices> {
  return known(await call<Notices>({ path: '/notices', query: { cursor } }))
}

export async function read(ids: string[] | 'all'): Promise<void> {
  const body = ids === 'all' ? { all: true } : { ids }
  const { unread } = await call<{ unread: number }>({ method: 'POST', path: '/notices/read', body })
  store.set({ unread })
}

let counting: Promise<Notices> | null = null

export async function count(): Promise<void> {
  counting ??= call<Notices>({ path: '/notices', query: { unread: true, limit: 1 } }).finally(() => (counting = null))
  known(await counting)
}

function known(page: Notices): Notices {
  const newest = page.items[0]?.id ?? ''
  store.set({ unread: page.unread, ...(newest > store.get().newest ? { newest } : {}) })
  return page
}

export const wishes = (): Promise<Wishes> => call({ path: '/me/notice-settings' })
export const wish = (wanted: WishesForm): Promise<Wishes> => call({ method: 'PUT', path: '/me/notice-settings', body: wanted })
