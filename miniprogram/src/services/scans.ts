// Signing in on a computer by scanning its code.
import { request } from '../platform/request'

export const SIGN_IN_SCENE = 'login-' // prefix; other scenes are places

export const approveSignIn = (scene: string): Promise<unknown> =>
  request({ method: 'POST', path: '/auth/scan/approve', body: { scene } })
