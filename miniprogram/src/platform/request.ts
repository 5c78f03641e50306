// A request with the session of whoever is signed in. A refused token is renewed once, missing consent asked
// for once.
import { type HttpRequest, send } from './http'
import { Problem } from './problem'

/**
 * What a request needs to know of the session. app.ts gives it (`setSession`), because it needs requests
 * itself.
 */
export interface Session {
  /** The access token; signs in when there is none. */
  accessToken: () => Promise<string>
  /** A new access token in place of one that was refused. */
  renewToken: (refused: string) => Promise<string>
  /** Show the privacy guide; resolves to whether the user agreed. */
  askForConsent: () => Promise<boolean>
}

let session: Session

export function setSession(given: Session): void {
  session = given
}

export function request<T>(options: HttpRequest): Promise<T> {
  return withConsent(() => withToken((token) => send<T>(options, token)))
}

/** Call `attempt` with the access token; when the server refuses it, once more with a new one. */
export async function withToken<T>(attempt: (token: string) => Promise<T>): Promise<T> {
  const token = await session.accessToken()
  try {
    return await attempt(token)
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    return attempt(await session.renewToken(token))
  }
}

/** Call `attempt`; when the server requires consent first, ask for it and call again. */
export async function withConsent<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    const required = error instanceof Problem && error.slug === 'consent-required'
    if (!required || !(await session.askForConsent())) throw error
    return attempt()
  }
}
