// One HTTP request without a session, by fetch. Stands in place of the mini-program's file of this name.
import { Problem, type ProblemBody, type ProblemKind } from '@mini/platform/problem'
import { API, TIMEOUT } from './config'

const NO_CONTENT = 204 // the answer to what was taken away

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

export interface HttpRequest {
  method?: Method
  path: string
  /** An array is a parameter that is repeated. */
  query?: Record<string, string | number | boolean | readonly string[] | null | undefined>
  body?: object
  /** The Idempotency-Key: a request is carried out once however often it is sent with the same key. */
  key?: string
}

let acceptLanguage = ''

/** Ask the server to answer in this language from now on; `tag` is one of BCP 47. */
export function askForLanguage(tag: string): void {
  acceptLanguage = tag
}

export async function send<T>(request: HttpRequest, token?: string): Promise<T> {
  const headers = {
    ...requestHeaders(request, token),
    ...(request.body ? { 'Content-Type': 'application/json' } : {}),
  }
  const body = request.body && JSON.stringify(request.body)
  const answer = await fetched(API + request.path + queryString(request.query), {
    method: request.method ?? 'GET',
    headers,
    ...(body ? { body } : {}),
  })
  return (answer.status === NO_CONTENT ? undefined : await answer.json()) as T
}

export function requestHeaders({ key }: { key?: string }, token?: string): Record<string, string> {
  return {
    ...(acceptLanguage ? { 'Accept-Language': acceptLanguage } : {}),
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...(key ? { 'Idempotency-Key': key } : {}),
  }
}

/** Fetch, and reject with a Problem for every answer that is not a success. */
export async function fetched(url: RequestInfo, init: RequestInit, timeout = TIMEOUT): Promise<Response> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(timeout) }).catch(noAnswer)
  if (!answer.ok) throw await problemOfAnswer(answer)
  return answer
}

/** An answer with an error status as a Problem. A proxy may answer in HTML. */
export async function problemOfAnswer(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as Partial<ProblemBody>
  return new Problem(
    kindOf(answer.status),
    answer.status,
    body,
    Number(answer.headers.get('retry-after')) || 0,
  )
}

function kindOf(status: number): ProblemKind {
  if (status === 429) return 'busy'
  return status >= 500 ? 'server' : 'refused'
}

function noAnswer(error: unknown): never {
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError'
  throw new Problem(timedOut ? 'timeout' : navigator.onLine ? 'unreachable' : 'offline')
}

export function queryString(query: HttpRequest['query']): string {
  const pairs = Object.entries(query ?? {})
    .flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const))
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
  return pairs.length
    ? '?' + pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
    : ''
}
