// One request over the network, nothing remembered: an answer, or a Problem.
import type { ProblemBody } from '../services/shapes'
import { API, TIMEOUT } from './config'
import { Problem } from './problem'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

export interface Call {
  method?: Method
  path: string
  query?: Record<string, string | number | boolean | null | undefined>
  body?: object
  /** Idempotency-Key: the same key is done once, however often it is sent. */
  key?: string
}

export function send<T>(call: Call, token?: string): Promise<T> {
  return new Promise((resolve, reject) => {
    wx.request({
      url: API + call.path + search(call.query),
      // wx.request knows no PATCH: the server takes it in a POST's header
      method: call.method === 'PATCH' ? 'POST' : (call.method ?? 'GET'),
      data: call.body as WechatMiniprogram.IAnyObject,
      header: { ...headers(call, token), ...(call.method === 'PATCH' ? { 'X-HTTP-Method-Override': 'PATCH' } : {}) },
      timeout: TIMEOUT,
      success: (answer) => (answer.statusCode < 300 ? resolve(answer.data as T) : reject(refusal(answer))),
      fail: (error) => reject(broken(error)),
    })
  })
}

export function headers(call: Pick<Call, 'key'>, token?: string): Record<string, string> {
  return {
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...(call.key ? { 'Idempotency-Key': call.key } : {}),
  }
}

interface Answer {
  statusCode: number
  data: unknown
  header?: Record<string, unknown>
}

export function refusal(answer: Answer): Problem {
  const body = parsed(answer.data)
  const after = Number(headerOf(answer.header, 'retry-after')) || 0
  return new Problem(answer.statusCode >= 500 ? 'server' : 'refused', answer.statusCode, body, after)
}

// uploadFile hands its body over as text, and a proxy on the way may answer in HTML.
function parsed(data: unknown): Partial<ProblemBody> {
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

export function broken(error: { errMsg: string }): Problem {
  return new Problem(/time.?out/i.test(error.errMsg) ? 'timeout' : 'offline', 0, { title: error.errMsg })
}

function search(query: Call['query']): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return pairs.length ? '?' + pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&') : ''
}
