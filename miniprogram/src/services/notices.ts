// The notices of whoever is signed in, and which of them they want.
import { request } from '../platform/request'
import type { NoticePage, NoticeSettings, NoticeSettingsForm } from './shapes'

/** Unread notices of dangers first, then the newest. */
export const getNotices = (cursor?: string | null): Promise<NoticePage> =>
  request({ path: '/notices', query: { cursor, order: 'danger' } })

/** The newest unread notice only, with the number of all that are unread. */
export const getNewestUnread = (): Promise<NoticePage> =>
  request({ path: '/notices', query: { unread: true, limit: 1 } })

export const postRead = (ids: string[] | 'all'): Promise<{ unread: number }> =>
  request({ method: 'POST', path: '/notices/read', body: ids === 'all' ? { all: true } : { ids } })

export const getNoticeSettings = (): Promise<NoticeSettings> => request({ path: '/me/notice-settings' })
export const putNoticeSettings = (body: NoticeSettingsForm): Promise<NoticeSettings> =>
  request({ method: 'PUT', path: '/me/notice-settings', body })
