// Posts and their holders: list, invite, mark absent, end.
import { request } from '../platform/request'
import { listAll } from './pages'
import type { Absence, Invitation, List, Post, Role } from './shapes'

export const listPosts = (
  query: { place_id?: string; role?: Role; vacant?: boolean },
  cursor?: string | null,
): Promise<List<Post>> => request({ path: '/posts', query: { ...query, cursor, order: 'place', limit: 50 } })

/** Every agent of an organisation whom the reader manages. */
export const listAgents = (): Promise<Post[]> => listAll('/posts', { role: 'agent' })

export interface InvitationForm {
  role: Role
  place_id?: string
  organisation_id?: string
}

export const createInvitation = (offer: InvitationForm, key: string): Promise<Invitation> =>
  request({ method: 'POST', path: '/posts', body: offer, key })
export const markAbsent = (id: string, absence: Absence): Promise<Post> =>
  request({ method: 'PATCH', path: `/posts/${id}`, body: absence })
export const endPost = (id: string): Promise<unknown> => request({ method: 'DELETE', path: `/posts/${id}` })
