// Who answers for a place, and the roster: shifts, the posts that can be on shift, and swaps.
import type { HttpRequest } from '../platform/http'
import { request } from '../platform/request'
import { listAll } from './pages'
import type { DutyCard, RosterPost, Shift } from './shapes'

export const getDutyCard = (place: string): Promise<DutyCard> =>
  request({ path: '/duty/card', query: { place_id: place } })

/** The shifts of the reader's units that are not over, or were not at `since`. */
export const listShifts = (query: HttpRequest['query']): Promise<Shift[]> => listAll('/duty/shifts', query)
export const listRosterPosts = (place?: string): Promise<RosterPost[]> =>
  listAll('/duty/posts', place ? { place_id: place } : {})

/** Put a post on shift, perhaps for one skill only. */
export const planShift = (
  post_id: string,
  times: { starts_at: string; ends_at: string },
  skill: string,
): Promise<Shift> =>
  request({ method: 'POST', path: '/duty/shifts', body: { post_id, ...times, ...(skill ? { skill } : {}) } })
export const cancelShift = (id: string): Promise<void> =>
  request({ method: 'DELETE', path: `/duty/shifts/${id}` })

/** Ask a colleague to take one's shift, perhaps for one of theirs. */
export const askForShift = (id: string, post_id: string, for_id?: string): Promise<Shift> =>
  request({
    method: 'POST',
    path: `/duty/shifts/${id}/swap`,
    body: { post_id, ...(for_id ? { for_id } : {}) },
  })
export const takeShift = (id: string): Promise<Shift> =>
  request({ method: 'POST', path: `/duty/shifts/${id}/swap/accept` })
/** Decline to take a shift, or take back what one has asked. */
export const endSwap = (id: string): Promise<Shift> =>
  request({ method: 'DELETE', path: `/duty/shifts/${id}/swap` })
