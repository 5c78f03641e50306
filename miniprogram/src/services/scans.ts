// Signing in a computer by scanning the code it shows.
import { call } from '../core/request'

export const SCENE = 'login-' // tells it from the scene of a place

export const approve = (scene: string): Promise<unknown> => call({ method: 'POST', path: '/auth/scan/approve', body: { scene } })
