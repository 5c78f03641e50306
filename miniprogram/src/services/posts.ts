// Who holds which post where: listed, given by invitation, marked absent, ended.
import { call } from '../core/request'
import type { Absence, Invited, List, Post, Role } from './shapes'

export const list = (query: { place_id?: string; role?: Role; vacant?: boolean }, cursor?: string | null): Promise<List<Post>> => call({ path: '/posts', query: { ...query, cursor } })

export interface Offer {
  role: Role
  place_id?: string
  organisation_id?: string
}

export const invite = (offer: Offer, key: string): Promise<Invited> => call({ method: 'POST', path: '/posts', body: offer, key })
export const markAbsent = (id: string, absence: Absence): Promise<Post> => call({ method: 'PATCH', path: `/posts/${id}`, body: absence })
export const end = (id: string): Promise<unknown> => call({ method: 'DELETE', path: `/posts/${id}` })
