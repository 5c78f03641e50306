// Which notices one wants, and whether nights are quiet.
import { call } from '../core/request'
import type { Wishes, WishesForm } from './shapes'

export const wishes = (): Promise<Wishes> => call({ path: '/me/notice-settings' })
export const wish = (form: WishesForm): Promise<Wishes> => call({ method: 'PUT', path: '/me/notice-settings', body: form })
