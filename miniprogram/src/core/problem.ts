// Why something was not done: one typed error for refusals of the server (problem+json), dead networks and timeouts.
import type { FieldProblem, ProblemBody } from '../services/shapes'
import { fill, say } from '../i18n/index'

export type Why = 'offline' | 'timeout' | 'server' | 'refused'

export class Problem extends Error {
  readonly why: Why
  readonly status: number
  readonly slug: string
  readonly body: Partial<ProblemBody>
  readonly retryAfter: number

  constructor(why: Why, status = 0, body: Partial<ProblemBody> = {}, retryAfter = 0) {
    super(body.title ?? why)
    this.why = why
    this.status = status
    this.body = body
    this.slug = (body.type ?? '').split('/').pop() ?? ''
    this.retryAfter = retryAfter
  }

  /** A sentence fit to show; the server's own where it says more than we could. */
  get sentence(): string {
    const words = say('problem')
    if (this.why !== 'refused') return words[this.why]
    if (this.status === 429) return fill(words.hurry, { when: waiting(this.retryAfter) })
    const ours = (words as Record<string, string>)[this.slug.replace(/-/g, '_')]
    return this.body.detail ?? this.body.title ?? ours ?? words.server
  }

  get fields(): FieldProblem[] {
    return this.body.errors ?? []
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.why !== 'refused' || this.status === 429 || this.status === 401
  }
}

function waiting(seconds: number): string {
  const words = say('time')
  return seconds < 90 ? fill(words.seconds, { n: Math.max(1, seconds) }) : fill(words.minutes, { n: Math.ceil(seconds / 60) })
}

export function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('server', 0, { title: String(error) })
}

/** Which field a pointer like `/photo_ids/0` is about. */
export function fieldOf(pointer: string): string {
  return pointer.split('/')[1] ?? ''
}
