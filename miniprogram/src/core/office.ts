// What somebody with a post finds in the office, by their roles: a table of doors. The server has the last word behind each.
import type { Person, Role } from '../services/shapes'
import { store } from './store'

export const STAFF: readonly Role[] = ['member', 'head', 'deputy', 'duty', 'community', 'street']
export const RUN: readonly Role[] = ['community', 'street', 'admin']
const GRID: readonly Role[] = ['member', 'head', 'deputy', 'duty']
const OVERSEE: readonly Role[] = [...RUN, 'auditor']

export type Door = 'desk' | 'behalf' | 'patrol' | 'code' | 'grids' | 'posts' | 'organisations' | 'settings' | 'unsealings' | 'audit' | 'redeem' | 'wishes'

interface Opening {
  icon: string
  url: string
  roles: readonly Role[]
}

export const DOORS: Readonly<Record<Exclude<Door, 'desk' | 'wishes'>, Opening>> = {
  behalf: { icon: 'edit', url: '/pages/report/index?behalf=1', roles: STAFF },
  patrol: { icon: 'edit', url: '/pages/report/index?patrol=1', roles: ['agent'] },
  code: { icon: 'scan', url: '/office/code/index', roles: STAFF },
  grids: { icon: 'building', url: '/office/grids/index', roles: [...RUN, ...GRID] },
  posts: { icon: 'person', url: '/office/posts/index', roles: RUN },
  organisations: { icon: 'small_repair', url: '/office/organisations/index', roles: RUN },
  settings: { icon: 'time', url: '/office/settings/index', roles: RUN },
  unsealings: { icon: 'secured', url: '/office/unsealings/index', roles: ['community', 'street'] },
  audit: { icon: 'history', url: '/office/audit/index', roles: OVERSEE },
  redeem: { icon: 'work', url: '/office/redeem/index', roles: ['member', 'head', 'deputy', 'duty', 'community', 'street', 'auditor', 'admin', 'agent'] },
}

export const rolesOf = (me: Person | null = store.get().me): Role[] => me?.posts.map((post) => post.role) ?? []
export const holds = (roles: readonly Role[], me: Person | null = store.get().me): boolean => rolesOf(me).some((role) => roles.includes(role))

/** Whoever holds only these posts has no tickets of their own to handle. */
export function onlooker(me: Person | null = store.get().me): 'admin' | 'auditor' | '' {
  const roles = rolesOf(me)
  if (!roles.length || roles.some((role) => role !== 'admin' && role !== 'auditor')) return ''
  return roles.includes('admin') ? 'admin' : 'auditor'
}

/** The places somebody runs: their community, or the street with all of its communities below. */
export const ownPlaces = (me: Person | null = store.get().me): string[] => [...new Set((me?.posts ?? []).filter((post) => RUN.includes(post.role) && post.place_id).map((post) => post.place_id!))]
