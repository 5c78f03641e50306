// Roles of the person who is signed in, by the posts they hold. What they may do is decided by the server.
import type { Person, Role } from '../services/shapes'
import { store } from './store'

export const GRID_ROLES: readonly Role[] = ['member', 'head', 'deputy', 'duty']
export const STAFF_ROLES: readonly Role[] = [...GRID_ROLES, 'community', 'street']
export const MANAGER_ROLES: readonly Role[] = ['community', 'street', 'admin']

export const rolesOf = (me: Person | null = store.get().me): Role[] =>
  me?.posts.map((post) => post.role) ?? []
export const hasRole = (roles: readonly Role[], me: Person | null = store.get().me): boolean =>
  rolesOf(me).some((role) => roles.includes(role))

/** The role of somebody who holds no post that handles tickets, '' for everybody else. */
export function observerRole(me: Person | null = store.get().me): 'admin' | 'auditor' | '' {
  const roles = rolesOf(me)
  if (!roles.length || roles.some((role) => role !== 'admin' && role !== 'auditor')) return ''
  return roles.includes('admin') ? 'admin' : 'auditor'
}

/** Ids of the places somebody manages: their community, or the street with all its communities. */
export const managedPlaces = (me: Person | null = store.get().me): string[] => [
  ...new Set(
    (me?.posts ?? [])
      .filter((post) => MANAGER_ROLES.includes(post.role) && post.place_id)
      .map((post) => post.place_id!),
  ),
]
