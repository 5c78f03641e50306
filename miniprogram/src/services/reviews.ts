// Content held back from neighbours until a person decides.
import { request } from '../platform/request'
import { listAll } from './pages'
import type { Review } from './shapes'

export const listReviews = (): Promise<Review[]> => listAll('/reviews')
export const decideReview = (id: string, decision: 'release' | 'remove'): Promise<Review> =>
  request({ method: 'POST', path: `/reviews/${id}/${decision}` })
