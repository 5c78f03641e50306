// One HTTP request without a session: it resolves to the answer's body or rejects with a Problem.
import { API, TIMEOUT } from './config'
import { Problem, type ProblemBody, type ProblemKind } from './problem'

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

export function send<T>(request: HttpRequest, token?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    wx.request({
      url: API + request.path + queryString(request.query),
      // wx.request has no PATCH. The server accepts a POST with this header instead.
      method: request.method === 'PATCH' ? 'POST' : (request.method ?? 'GET'),
      data: request.body as WechatMiniprogram.IAnyObject,
      header: {
        ...requestHeaders(request, token),
        ...(request.method === 'PATCH' ? { 'X-HTTP-Method-Override': 'PATCH' } : {}),
      },
      timeout: TIMEOUT,
      success: (response) =>
        response.statusCode < 300 ? resolve(response.data as T) : reject(problemOfResponse(response)),
      fail: (error) => void problemOfFailure(error).then(reject),
    })
  })
}

export function requestHeaders({ key }: { key?: string }, token?: string): Record<string, string> {
  return {
    ...(acceptLanguage ? { 'Accept-Language': acceptLanguage } : {}),
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...(key ? { 'Idempotency-Key': key } : {}),
  }
}

interface Response {
  statusCode: number
  data: unknown
  header?: Record<string, unknown>
}

/** An answer with an error status as a Problem. */
export function problemOfResponse(response: Response): Problem {
  const retryAfter = Number(headerOf(response.header, 'retry-after')) || 0
  return new Problem(kindOf(response.statusCode), response.statusCode, problemBody(response.data), retryAfter)
}

function kindOf(status: number): ProblemKind {
  if (status === 429) return 'busy'
  return status >= 500 ? 'server' : 'refused'
}

// uploadFile returns the body as text, and a proxy may answer in HTML.
function problemBody(data: unknown): Partial<ProblemBody> {
  if (typeof data === 'object' && data) return data
  try {
    return JSON.parse(String(data)) as ProblemBody
  } catch {
    return {}
  }
}

function headerOf(header: Record<string, unknown> | undefined, name: string): unknown {
  const found = Object.keys(header ?? {}).find((key) => key.toLowerCase() === name)
  return found ? header?.[found] : undefined
}

/** A request without an answer as a Problem. A dead server looks like a dead network: the phone knows which. */
export function problemOfFailure({ errMsg }: { errMsg: string }): Promise<Problem> {
  const problem = (kind: ProblemKind): Problem => new Problem(kind, 0, { title: errMsg })
  if (/time.?out/i.test(errMsg)) return Promise.resolve(problem('timeout'))
  return new Promise((resolve) => {
    wx.getNetworkType({
      success: ({ networkType }) => resolve(problem(networkType === 'none' ? 'offline' : 'unreachable')),
      fail: () => resolve(problem('offline')),
    })
  })
}

function queryString(query: HttpRequest['query']): string {
  const pairs = Object.entries(query ?? {})
    .flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const))
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
  return pairs.length
    ? '?' + pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
    : ''
}
