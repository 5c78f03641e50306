// A call to the API as whoever is signed in: one silent re-login on 401, consent asked for when it is missing.
import { renew, token } from './auth'
import { agreed } from './consent'
import { Problem } from './problem'
import { send, type Call } from './wire'

export type { Call }

export async function call<T>(asked: Call): Promise<T> {
  return withConsent(() => signedIn((bearer) => send<T>(asked, bearer)))
}

/** Try with the token there is; when it is refused, once more with a new one. */
export async function signedIn<T>(attempt: (bearer: string) => Promise<T>): Promise<T> {
  const bearer = await token()
  try {
    return await attempt(bearer)
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    return attempt(await renew(bearer))
  }
}

/** When the privacy guide was not agreed to, show it, and go on where one was. */
export async function withConsent<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof Problem) || error.slug !== 'consent-required' || !(await agreed())) throw error
    return attempt()
  }
}
