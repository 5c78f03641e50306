// The session: sign-in with WeChat's code, or as a persona of the demo street; refresh tokens rotate.
import { IN_BROWSER } from '../platform/config'
import { removeFile } from '../platform/files'
import { problemOfFailure } from '../platform/http'
import { Problem } from '../platform/problem'
import { readStorage, removeStorage, storageKeys, writeStorage } from '../platform/storage'
import { logOut, refreshTokens, signInAsPersona, signInWithWechat } from '../services/auth'
import type { Person, SignInResult, Tokens } from '../services/shapes'
import { store } from './store'
import { UNSENT_ANSWERS } from './subscriptions'

interface TokenPair {
  access: string
  refresh: string
}

const TOKENS = 'tokens'
const PERSONA = 'persona'
let renewal: Promise<string> | null = null

/** Whether there is a session, without a request. */
export const isSignedIn = (): boolean => readStorage<TokenPair>(TOKENS) !== null

/** Return an access token, signing in when there is none. */
export async function accessToken(): Promise<string> {
  return readStorage<TokenPair>(TOKENS)?.access ?? renewToken()
}

/** Get a new access token. Requests that were refused at the same time share one renewal. */
export function renewToken(refused?: string): Promise<string> {
  const tokens = readStorage<TokenPair>(TOKENS)
  // Renewed meanwhile.
  if (tokens && refused && tokens.access !== refused) return Promise.resolve(tokens.access)
  renewal ??= refreshOrSignIn(tokens).finally(() => (renewal = null))
  return renewal
}

async function refreshOrSignIn(tokens: TokenPair | null): Promise<string> {
  if (tokens) {
    try {
      return saveTokens(await refreshTokens(tokens.refresh))
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error // no network: stay signed in
      removeStorage(TOKENS)
    }
  }
  return signIn()
}

async function signIn(): Promise<string> {
  const persona = readStorage<string>(PERSONA)
  if (persona) {
    try {
      return await signInAs(persona)
    } catch (error) {
      if (!(error instanceof Problem) || !error.fieldErrors.some(({ pointer }) => pointer === '/persona'))
        throw error
      removeStorage(PERSONA) // the server is no longer in demo mode
    }
  }
  const code = await loginCode()
  if (code.startsWith(DEMO)) return signInAs(code.slice(DEMO.length))
  return startSession(await signInWithWechat(code))
}

const DEMO = 'demo:' // in the browser wx.login answers `demo:<persona>`

function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.login({
      success: ({ code }) => resolve(code),
      fail: (error) => void problemOfFailure(error).then(reject),
    })
  })
}

/** Sign in as a persona of the demo street; in WeChat with a code, as everybody signs in there. */
export async function signInAs(persona: string): Promise<string> {
  const result = IN_BROWSER
    ? await signInAsPersona(persona)
    : await signInWithWechat(await loginCode(), persona)
  writeStorage(PERSONA, persona)
  return startSession(result)
}

export async function signOut(): Promise<void> {
  const tokens = readStorage<TokenPair>(TOKENS)
  clearSession()
  if (tokens) await logOut(tokens.refresh).catch(() => undefined)
}

/** Remove the session and everything personal on the phone: drafts, unsent reports and their photos. */
export function clearSession(): void {
  const reports = [
    ...(readStorage<WithShots[]>('drafts') ?? []),
    ...(readStorage<WithShots[]>('outbox') ?? []),
  ]
  reports.forEach(({ shots }) => shots.forEach(({ path }) => removeFile(path)))
  const personal = storageKeys().filter((key) => PERSONAL_KEYS.has(key) || key.startsWith('act:'))
  personal.forEach(removeStorage)
  store.set({ me: null, unread: 0, newest: '', unsent: 0, unsentVisits: 0, unsentBallots: 0, moments: {} })
}

interface WithShots {
  shots: { path: string }[]
}
const PERSONAL_KEYS = new Set([
  TOKENS,
  PERSONA,
  'drafts',
  'outbox',
  'visits',
  'visit-places',
  'ballots',
  'place',
  UNSENT_ANSWERS,
])

function startSession(result: SignInResult): string {
  store.set({ me: result.person as Person })
  return saveTokens(result)
}

function saveTokens(tokens: Tokens): string {
  writeStorage(TOKENS, { access: tokens.access_token, refresh: tokens.refresh_token } satisfies TokenPair)
  return tokens.access_token
}
