// The session: the access token in memory, the refresh token in a cookie that no script reads.
import { useSyncExternalStore } from 'react'
import { store } from '@mini/domain/store'
import { Problem } from '@mini/platform/problem'
import { type Session, setSession } from '@mini/platform/request'
import type { Person, SignInResult, Tokens } from '@mini/services/shapes'
import { API } from './platform/config'
import { fetched } from './platform/http'

/** Why nobody is signed in, for the sign-in screen to say. */
export type Reason = '' | 'locked' | 'ended' | 'left'

export interface SessionState {
  phase: 'starting' | 'out' | 'in'
  me: Person | null
  reason: Reason
}

const MARK = 'loudeng.signed-in' // whether it is worth asking for a refresh; the cookie cannot be seen
let access = ''
let renewal: Promise<string> | null = null
let state: SessionState = { phase: 'starting', me: null, reason: '' }
const watchers = new Set<() => void>()

function set(changed: Partial<SessionState>): void {
  state = { ...state, ...changed }
  store.set({ me: state.me })
  for (const watcher of watchers) watcher()
}

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}
export const useSession = (): SessionState => useSyncExternalStore(watch, () => state)
export const useMe = (): Person => useSession().me!

/** The header moves refresh tokens between bodies and the cookie; no other site can send it. */
export async function auth<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json', 'X-Refresh-Token': 'cookie' }
  const answer = await fetched(`${API}/auth${path}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return (await answer.json()) as T
}

function renewToken(refused?: string): Promise<string> {
  if (access && refused && access !== refused) return Promise.resolve(access)
  renewal ??= refresh().finally(() => (renewal = null))
  return renewal
}

async function refresh(): Promise<string> {
  try {
    access = (await auth<Tokens>('POST', '/refresh', {})).access_token
    return access
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 422)) leave('ended')
    throw error
  }
}

const session: Session = {
  accessToken: () => (access ? Promise.resolve(access) : renewToken()),
  renewToken,
  askForConsent: () => Promise.resolve(false), // staff agree in the mini-program; the refusal says so
}
setSession(session)

/** Begin a session with what a sign-in returned. */
export function begin({ access_token, person }: Pick<SignInResult, 'access_token' | 'person'>): void {
  access = access_token
  localStorage.setItem(MARK, '1')
  set({ phase: 'in', me: person, reason: '' })
}

export const signInAs = async (persona: string): Promise<void> =>
  begin(await auth<SignInResult>('POST', '/demo', { persona }))

/** Go on with the session of this browser, if it has one; in demo mode the address may name who signs in. */
export async function resume(): Promise<void> {
  const persona = new URLSearchParams(location.search).get('persona')
  if (persona) return signInAs(persona).catch(() => set({ phase: 'out' }))
  if (!localStorage.getItem(MARK)) return set({ phase: 'out' })
  try {
    const token = await renewToken()
    const headers = { Authorization: `Bearer ${token}` }
    const me = (await (await fetched(`${API}/me`, { headers })).json()) as Person
    set({ phase: 'in', me, reason: '' })
  } catch {
    set({ phase: 'out' })
  }
}

/** End the session on this computer; what was typed stays in the window. */
export async function signOut(reason: Reason = 'left'): Promise<void> {
  const done = auth('POST', '/logout', {}).catch(() => undefined)
  leave(reason)
  await done
}

function leave(reason: Reason): void {
  access = ''
  localStorage.removeItem(MARK)
  set({ phase: 'out', me: null, reason })
}

// Another window of this browser has signed out, or signed in.
addEventListener('storage', ({ key, newValue }) => {
  if (key !== MARK) return
  if (!newValue && state.phase === 'in') leave('ended')
  if (newValue && state.phase === 'out') void resume()
})
