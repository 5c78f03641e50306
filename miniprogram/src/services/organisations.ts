// Whom one may dispatch to: who serves a place, the category's default first.
import { call } from '../core/request'
import type { List, Organisation } from './shapes'

export const serving = async (place_id: string, category: string): Promise<Organisation[]> =>
  (await call<List<Organisation>>({ path: '/organisations', query: { place_id, category } })).items
