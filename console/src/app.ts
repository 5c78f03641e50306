// What the whole console knows of its screens: a table of them.
import type { ComponentType } from 'react'
import { lazy } from 'react'
import { labelOf } from '@mini/i18n/index'
import type { Role } from '@mini/services/shapes'
import type { SubjectScreen } from './subjects'
import { words } from './words'

export interface ScreenProps {
  /** What the address names after the screen. */
  id?: string | undefined
}

export interface ScreenSpec {
  name: string // first part of the address
  group: 'work' | 'common' | 'mutual' | 'people' | 'setup' | 'records'
  icon: string
  title: () => string
  key?: string // after g
  roles?: readonly Role[] // everybody with a post, unless given
  View: ComponentType<ScreenProps>
}

const HANDLERS: readonly Role[] = ['member', 'head', 'deputy', 'duty', 'community', 'street', 'agent']
const REPORTERS: readonly Role[] = ['member', 'head', 'deputy', 'duty', 'community', 'street']
const COMMON: readonly Role[] = [...REPORTERS, 'auditor']
const OFFICES: readonly Role[] = ['community', 'street']
const MANAGERS: readonly Role[] = [...OFFICES, 'admin']
const KEEPERS: readonly Role[] = ['head', 'deputy', 'duty', ...OFFICES]
/** Who sees how many disputes there are, and nothing else of them. */
export const DISPUTE_COUNTERS: readonly Role[] = [...OFFICES, 'auditor']

const own = (name: keyof ReturnType<typeof words>['screens']) => () => words().screens[name]
const mini = (name: string) => () => labelOf('menu', name)

const tickets = () => import('./screens/tickets')
const people = () => import('./screens/people')

/** In the order of the navigation. To add a screen, add a row and its view. */
export const SCREENS: readonly ScreenSpec[] = [
  row('work', 'work', 'work', own('work'), 'w', HANDLERS, () => tickets().then((all) => all.Work)),
  row('tickets', 'work', 'list', own('tickets'), 't', undefined, () => tickets().then((all) => all.Tickets)),
  row('register', 'work', 'call', own('register'), 'n', REPORTERS, () =>
    import('./screens/register').then((all) => all.Register),
  ),
  row('called', 'work', 'notice', own('called'), 'h', OFFICES, () => tickets().then((all) => all.Called)),
  row('reviews', 'work', 'secured', mini('reviews'), 'v', OFFICES, () =>
    import('./screens/records/reviews').then((all) => all.Reviews),
  ),
  row('unsealings', 'work', 'person', mini('unsealings'), 'e', OFFICES, () =>
    import('./screens/records/unsealings').then((all) => all.Unsealings),
  ),
  row('opinions', 'common', 'comment', own('opinions'), 'i', COMMON, () =>
    import('./screens/opinions').then((all) => all.Opinions),
  ),
  row('activities', 'common', 'history', own('activities'), 'm', COMMON, () =>
    import('./screens/activities').then((all) => all.Activities),
  ),
  row('topics', 'common', 'consult', own('topics'), 'y', COMMON, () =>
    import('./screens/topics').then((all) => all.Topics),
  ),
  row('projects', 'common', 'check', own('projects'), 'x', COMMON, () =>
    import('./screens/projects').then((all) => all.Projects),
  ),
  row('surveys', 'common', 'edit', own('surveys'), 'q', [...COMMON, 'agent'], () =>
    import('./screens/surveys').then((all) => all.Surveys),
  ),
  row('funnel', 'common', 'work', own('funnel'), 'k', COMMON, () =>
    import('./screens/funnel').then((all) => all.Funnel),
  ),
  row('offers', 'mutual', 'building', own('offers'), 'u', [...COMMON, 'agent'], () =>
    import('./screens/offers').then((all) => all.Offers),
  ),
  row('reservations', 'mutual', 'scan', own('reservations'), 'z', [...REPORTERS, 'agent'], () =>
    import('./screens/reservations').then((all) => all.Reservations),
  ),
  row('points', 'mutual', 'list', own('points'), undefined, DISPUTE_COUNTERS, () =>
    import('./screens/points').then((all) => all.Points),
  ),
  row('pairings', 'mutual', 'person', own('pairings'), 'j', REPORTERS, () =>
    import('./screens/pairings').then((all) => all.Pairings),
  ),
  row('partners', 'mutual', 'consult', own('partners'), undefined, [...KEEPERS, 'agent'], () =>
    import('./screens/partners').then((all) => all.Partners),
  ),
  row('disputes', 'mutual', 'comment', own('disputes'), undefined, ['agent', ...REPORTERS, 'auditor'], () =>
    import('./screens/disputes').then((all) => all.Disputes),
  ),
  row('posts', 'people', 'person', own('posts'), 'p', MANAGERS, () => people().then((all) => all.Posts)),
  row('absences', 'people', 'leave', own('absences'), 'b', MANAGERS, () =>
    people().then((all) => all.Absences),
  ),
  row('organisations', 'people', 'building', own('organisations'), 'o', MANAGERS, () =>
    import('./screens/people/organisations').then((all) => all.Organisations),
  ),
  row('coverage', 'people', 'aim', own('coverage'), 's', MANAGERS, () =>
    import('./screens/coverage').then((all) => all.Coverage),
  ),
  row('roster', 'people', 'call', own('roster'), 'd', REPORTERS, () =>
    import('./screens/roster').then((all) => all.Roster),
  ),
  row('webhooks', 'people', 'send', own('webhooks'), undefined, [...OFFICES, 'agent'], () =>
    import('./screens/webhooks').then((all) => all.Webhooks),
  ),
  row('grids', 'setup', 'place', own('grids'), 'r', MANAGERS, () =>
    import('./screens/grids').then((all) => all.Grids),
  ),
  row('limits', 'setup', 'time', own('limits'), 'l', MANAGERS, () =>
    import('./screens/settings/limits').then((all) => all.Limits),
  ),
  row('calendar', 'setup', 'history', own('calendar'), undefined, MANAGERS, () =>
    import('./screens/settings/calendar').then((all) => all.Calendar),
  ),
  row('hours', 'setup', 'time', own('hours'), undefined, MANAGERS, () =>
    import('./screens/settings/hours').then((all) => all.Hours),
  ),
  row('titles', 'setup', 'person', own('titles'), undefined, MANAGERS, () =>
    import('./screens/settings/titles').then((all) => all.Titles),
  ),
  row('opinion-limit', 'setup', 'comment', own('opinion-limit'), undefined, OFFICES, () =>
    import('./screens/settings/opinionLimit').then((all) => all.OpinionLimit),
  ),
  row('point-rules', 'setup', 'edit', own('point-rules'), undefined, OFFICES, () =>
    import('./screens/settings/pointRules').then((all) => all.PointRules),
  ),
  row('weights', 'setup', 'work', own('weights'), undefined, OFFICES, () =>
    import('./screens/settings/weights').then((all) => all.Weights),
  ),
  row('replies', 'setup', 'edit', own('replies'), undefined, REPORTERS, () =>
    import('./screens/replies').then((all) => all.Replies),
  ),
  row('places', 'setup', 'scan', own('places'), 'c', undefined, () =>
    import('./screens/places').then((all) => all.Places),
  ),
  row('imports', 'setup', 'download', own('imports'), undefined, ['admin', 'street', 'community'], () =>
    import('./screens/imports').then((all) => all.Imports),
  ),
  row('figures', 'records', 'work', own('figures'), 'f', [...OFFICES, 'auditor'], () =>
    import('./screens/figures').then((all) => all.Figures),
  ),
  row('bulletins', 'records', 'notice', own('bulletins'), undefined, OFFICES, () =>
    import('./screens/bulletins').then((all) => all.Bulletins),
  ),
  row('audit', 'records', 'history', mini('audit'), 'a', [...MANAGERS, 'auditor'], () =>
    import('./screens/records/audit').then((all) => all.AuditTrail),
  ),
]

function row(
  name: string,
  group: ScreenSpec['group'],
  icon: string,
  title: () => string,
  key: string | undefined,
  roles: readonly Role[] | undefined,
  load: () => Promise<ComponentType<ScreenProps>>,
): ScreenSpec {
  const View = lazy(async () => ({ default: await load() }))
  return { name, group, icon, title, View, ...(key ? { key } : {}), ...(roles ? { roles } : {}) }
}

/** Who may begin something new of the common life: the button of its list, and a line of the palette. */
export const CREATORS: Readonly<Record<SubjectScreen, readonly Role[]>> = {
  opinions: REPORTERS,
  activities: REPORTERS,
  topics: REPORTERS,
  projects: REPORTERS.filter((role) => role !== 'member'),
  surveys: OFFICES,
  offers: [...KEEPERS, 'agent'],
  reservations: REPORTERS,
  pairings: KEEPERS,
  partners: KEEPERS,
  disputes: ['agent'],
}

export const creatableBy = (roles: readonly Role[]) =>
  (Object.keys(CREATORS) as (keyof typeof CREATORS)[]).filter((name) =>
    roles.some((role) => CREATORS[name].includes(role)),
  )

export const screensFor = (roles: readonly Role[]): ScreenSpec[] =>
  SCREENS.filter((screen) => !screen.roles || roles.some((role) => screen.roles!.includes(role)))
