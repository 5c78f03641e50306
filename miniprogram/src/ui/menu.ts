// The menu of the office: which roles see which page. The server decides about access to each.
import { GRID_ROLES, MANAGER_ROLES, STAFF_ROLES } from '../domain/roles'
import type { Role } from '../services/shapes'

interface MenuItem {
  icon: string
  url: string
  roles: readonly Role[]
}

export const MENU: Readonly<Record<string, MenuItem>> = {
  behalf: { icon: 'edit', url: '/pages/report/index?behalf=1', roles: STAFF_ROLES },
  patrol: { icon: 'edit', url: '/pages/report/index?patrol=1', roles: ['agent'] },
  code: { icon: 'scan', url: '/office/code/index', roles: STAFF_ROLES },
  grids: { icon: 'building', url: '/office/grids/index', roles: [...MANAGER_ROLES, ...GRID_ROLES] },
  posts: { icon: 'person', url: '/office/posts/index', roles: MANAGER_ROLES },
  organisations: { icon: 'small_repair', url: '/office/organisations/index', roles: MANAGER_ROLES },
  settings: { icon: 'time', url: '/office/settings/index', roles: MANAGER_ROLES },
  robots: {
    icon: 'notice',
    url: '/office/robots/index',
    roles: [...MANAGER_ROLES, 'head', 'deputy', 'agent'],
  },
  reviews: { icon: 'image', url: '/office/reviews/index', roles: ['community', 'street'] },
  unsealings: { icon: 'secured', url: '/office/unsealings/index', roles: ['community', 'street'] },
  audit: { icon: 'history', url: '/office/audit/index', roles: [...MANAGER_ROLES, 'auditor'] },
  redeem: { icon: 'work', url: '/office/redeem/index', roles: [...STAFF_ROLES, 'auditor', 'admin', 'agent'] },
}
