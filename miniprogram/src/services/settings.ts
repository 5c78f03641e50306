// Settings of an office: limits, calendar, office hours, grids. A change is previewed (`preview`), then saved
// (`confirm`).
import { request } from '../platform/request'
import { listAll } from './pages'
import type {
  Calendar,
  GridCard,
  Grids,
  Limits,
  OfficeHours,
  OwnDays,
  OwnFigures,
  SettingsResult,
} from './shapes'

/** Limits of all categories: the first page, with the items of every page. */
export async function getLimits(place_id: string): Promise<Limits> {
  const query = { place_id }
  const first = await request<Limits>({ path: '/settings/categories', query })
  return first.next ? { ...first, items: await listAll('/settings/categories', query), next: null } : first
}
export const getCalendar = (place_id: string): Promise<Calendar> =>
  request({ path: '/settings/calendar', query: { place_id } })
export const getOfficeHours = (place_id: string): Promise<OfficeHours> =>
  request({ path: '/settings/frames', query: { place_id } })
export const getGrids = (place_id: string): Promise<Grids> =>
  request({ path: '/settings/grids', query: { place_id } })

/** The grids the reader works in. */
export const listOwnGrids = (): Promise<GridCard[]> => listAll('/me/grids')

export type SaveMode = 'preview' | 'confirm'
const put = (noun: string, place_id: string, body: object, mode: SaveMode): Promise<SettingsResult> =>
  request({ method: 'PUT', path: `/settings/${noun}`, query: { place_id, [mode]: true }, body })

export const putLimits = (
  place_id: string,
  version: number,
  categories: OwnFigures[],
  mode: SaveMode,
): Promise<SettingsResult> => put('categories', place_id, { version, categories }, mode)
export const putCalendar = (
  place_id: string,
  version: number,
  days: OwnDays[],
  mode: SaveMode,
): Promise<SettingsResult> => put('calendar', place_id, { version, days }, mode)
