// Signing in without anybody noticing: WeChat's code, or a demo persona in the browser; refresh tokens rotate.
import type { Person, Persona, SignedIn, Tokens, List } from '../services/shapes'
import { drop, keep, keys, recall } from './box'
import { browser } from './config'
import { removed } from './files'
import { Problem } from './problem'
import { store } from './store'
import { send } from './wire'

interface Kept {
  access: string
  refresh: string
}

const TOKENS = 'tokens'
const PERSONA = 'persona'
let renewing: Promise<string> | null = null

/** Whether somebody is, without asking anybody. */
export const signedIn = (): boolean => recall<Kept>(TOKENS) !== null

/** Return a token, signing in when there is none. */
export async function token(): Promise<string> {
  return recall<Kept>(TOKENS)?.access ?? renew()
}

/** Get a new token; calls that fail together share one attempt. */
export function renew(stale?: string): Promise<string> {
  const kept = recall<Kept>(TOKENS)
  if (kept && stale && kept.access !== stale) return Promise.resolve(kept.access) // somebody renewed it meanwhile
  renewing ??= fresh(kept).finally(() => (renewing = null))
  return renewing
}

async function fresh(kept: Kept | null): Promise<string> {
  if (kept) {
    try {
      return remember(await send<Tokens>({ method: 'POST', path: '/auth/refresh', body: { refresh_token: kept.refresh } }))
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error // a dead network signs nobody out
      drop(TOKENS)
    }
  }
  return signIn()
}

async function signIn(): Promise<string> {
  const persona = recall<string>(PERSONA)
  if (browser && persona) return signInAs(persona)
  const given = await code()
  if (given.startsWith(DEMO)) return signInAs(given.slice(DEMO.length))
  return welcome(await send<SignedIn>({ method: 'POST', path: '/auth/wechat', body: { code: given } }))
}

const DEMO = 'demo:' // what stands for WeChat in the browser says who plays

function code(): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.login({ success: (got) => resolve(got.code), fail: () => reject(new Problem('offline')) })
  })
}

/** Sign in as somebody of the demo street. */
export async function signInAs(persona: string): Promise<string> {
  const signed = await send<SignedIn>({ method: 'POST', path: '/auth/demo', body: { persona } })
  keep(PERSONA, persona)
  return welcome(signed)
}

export async function personas(): Promise<Persona[]> {
  return (await send<List<Persona>>({ path: '/auth/demo' })).items
}

export async function signOut(): Promise<void> {
  const kept = recall<Kept>(TOKENS)
  forget()
  if (kept) await send({ method: 'POST', path: '/auth/logout', body: { refresh_token: kept.refresh } }).catch(() => undefined)
}

/** Forget who was signed in; what they wrote and did not send is theirs alone, so it goes too, photos included. */
export function forget(): void {
  const written = [...(recall<Written[]>('drafts') ?? []), ...(recall<Written[]>('outbox') ?? [])]
  written.forEach(({ shots }) => shots.forEach(({ path }) => removed(path)))
  for (const key of keys().filter((key) => OWN.has(key) || key.startsWith('act:'))) drop(key)
  store.set({ me: null, unread: 0, newest: '', unsent: 0 })
}

interface Written {
  shots: { path: string }[]
}
const OWN = new Set([TOKENS, PERSONA, 'drafts', 'outbox', 'place'])

function welcome(signed: SignedIn): string {
  store.set({ me: signed.person as Person })
  return remember(signed)
}

function remember(tokens: Tokens): string {
  keep(TOKENS, { access: tokens.access_token, refresh: tokens.refresh_token } satisfies Kept)
  return tokens.access_token
}
