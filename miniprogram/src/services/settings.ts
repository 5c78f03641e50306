// An office's own limits, calendar, hours and grids; a change is tried first (`preview`), then made (`confirm`).
import { call } from '../core/request'
import type { Calendar, Frames, GridCard, Grids, List, Limits, OwnDays, OwnFigures, Settled } from './shapes'

export const limits = (place_id: string): Promise<Limits> => call({ path: '/settings/categories', query: { place_id } })
export const calendar = (place_id: string): Promise<Calendar> => call({ path: '/settings/calendar', query: { place_id } })
export const frames = (place_id: string): Promise<Frames> => call({ path: '/settings/frames', query: { place_id } })
export const grids = (place_id: string): Promise<Grids> => call({ path: '/settings/grids', query: { place_id } })

/** Those one works in oneself. */
export const ownGrids = async (): Promise<GridCard[]> => (await call<List<GridCard>>({ path: '/me/grids' })).items

export type Mode = 'preview' | 'confirm'
const put = (noun: string, place_id: string, body: object, mode: Mode): Promise<Settled> => call({ method: 'PUT', path: `/settings/${noun}`, query: { place_id, [mode]: true }, body })

export const putLimits = (place_id: string, version: number, categories: OwnFigures[], mode: Mode): Promise<Settled> => put('categories', place_id, { version, categories }, mode)
export const putCalendar = (place_id: string, version: number, days: OwnDays[], mode: Mode): Promise<Settled> => put('calendar', place_id, { version, days }, mode)
