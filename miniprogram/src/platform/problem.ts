// The one error of every request: a refusal of the server (problem+json), too many requests, or no answer.

/** What a problem+json answer contains; the fields the client reads. */
export interface ProblemBody {
  type: string
  title: string
  detail: string | null
  errors: FieldError[] | null
}

export interface FieldError {
  pointer: string // JSON pointer into the request body, like `/photo_ids/0`
  detail: string
}

/**
 * What is wrong: no network; a network, but no connection to the server; no answer in time; a failure of the
 * server (5xx); too many requests (429); a refusal of this request.
 */
export type ProblemKind = 'offline' | 'unreachable' | 'timeout' | 'server' | 'busy' | 'refused'

export class Problem extends Error {
  readonly kind: ProblemKind
  readonly status: number
  readonly slug: string // the last part of the problem's type
  readonly body: Partial<ProblemBody>
  readonly retryAfter: number // seconds

  constructor(kind: ProblemKind, status = 0, body: Partial<ProblemBody> = {}, retryAfter = 0) {
    super(body.title ?? kind)
    this.kind = kind
    this.status = status
    this.body = body
    this.slug = (body.type ?? '').split('/').pop() ?? ''
    this.retryAfter = retryAfter
  }

  get fieldErrors(): FieldError[] {
    return this.body.errors ?? []
  }

  /** Whether the same request may succeed later without a change by the user. */
  get temporary(): boolean {
    return this.kind !== 'refused' || this.status === 401
  }
}

export function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('server', 0, { title: String(error) })
}

/** Return the field a pointer like `/photo_ids/0` is about. */
export function fieldOf(pointer: string): string {
  return pointer.split('/')[1] ?? ''
}
