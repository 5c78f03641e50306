// Who answers for a place.
import { request } from '../platform/request'
import type { DutyCard } from './shapes'

export const getDutyCard = (place: string): Promise<DutyCard> =>
  request({ path: '/duty/card', query: { place_id: place } })
