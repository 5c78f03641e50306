// Notices and the number of unread ones, which goes to the store.
import { getNewestUnread, getNotices, postRead } from '../services/notices'
import type { NoticePage } from '../services/shapes'
import { store } from './store'

export async function fetchNotices(cursor?: string | null): Promise<NoticePage> {
  return toStore(await getNotices(cursor))
}

export async function markRead(ids: string[] | 'all'): Promise<void> {
  const { unread } = await postRead(ids)
  store.set({ unread })
}

let pending: Promise<NoticePage> | null = null

export async function countUnread(): Promise<void> {
  pending ??= getNewestUnread().finally(() => (pending = null))
  toStore(await pending)
}

function toStore(page: NoticePage): NoticePage {
  const newest = page.items[0]?.id ?? ''
  store.set({ unread: page.unread, ...(newest > store.get().newest ? { newest } : {}) })
  return page
}
