// Sign-in, token renewal and sign-out. These requests carry no access token.
import { send } from '../platform/http'
import { listAll } from './pages'
import type { Persona, SignInResult, Tokens } from './shapes'

/** `persona`: whom of the demo street to sign in as; only for a server in demo mode. */
export const signInWithWechat = (code: string, persona?: string): Promise<SignInResult> =>
  send({ method: 'POST', path: '/auth/wechat', body: persona ? { code, persona } : { code } })

export const signInAsPersona = (persona: string): Promise<SignInResult> =>
  send({ method: 'POST', path: '/auth/demo', body: { persona } })

/** The people of the demo street; 404 from a server that is not in demo mode. */
export const listPersonas = (): Promise<Persona[]> => listAll('/auth/demo', {}, send)

export const refreshTokens = (refresh_token: string): Promise<Tokens> =>
  send({ method: 'POST', path: '/auth/refresh', body: { refresh_token } })

export const logOut = (refresh_token: string): Promise<unknown> =>
  send({ method: 'POST', path: '/auth/logout', body: { refresh_token } })
