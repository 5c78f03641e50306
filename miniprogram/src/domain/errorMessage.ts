// Errors for the user, as one table: what is wrong, what to do about it, when an unsent report goes again.
import { fill, wordsOf, type Words } from '../i18n/index'
import { type Problem, type ProblemKind, problemOf } from '../platform/problem'

type Word = keyof Words['problem']

interface ProblemView {
  icon: string
  title: Word // of a page that could not be loaded
  sentence: Word // at the place of what failed
  todo?: Word // below the title; the sentence where there is none
  waiting: Word // of a report that is sent later
}

/** Sentences may contain `{when}`, the time to wait. A refusal has the server's own sentence. */
const VIEWS: Readonly<Record<ProblemKind, ProblemView>> = {
  offline: {
    icon: 'offline',
    title: 'offlineTitle',
    sentence: 'offline',
    todo: 'offlineTodo',
    waiting: 'offlineWaiting',
  },
  unreachable: {
    icon: 'warn',
    title: 'unreachableTitle',
    sentence: 'unreachable',
    todo: 'unreachableTodo',
    waiting: 'unreachableWaiting',
  },
  timeout: {
    icon: 'time',
    title: 'timeoutTitle',
    sentence: 'timeout',
    todo: 'timeoutTodo',
    waiting: 'timeoutWaiting',
  },
  server: {
    icon: 'warn',
    title: 'serverTitle',
    sentence: 'server',
    todo: 'serverTodo',
    waiting: 'serverWaiting',
  },
  busy: { icon: 'time', title: 'busyTitle', sentence: 'hurry', waiting: 'busyWaiting' },
  refused: { icon: 'warn', title: 'refusedTitle', sentence: 'server', waiting: 'serverWaiting' },
}

export function messageOf(error: unknown): string {
  const problem = problemOf(error)
  const words = wordsOf('problem')
  if (problem.kind !== 'refused')
    return fill(words[VIEWS[problem.kind].sentence], { when: duration(problem.retryAfter) })
  const own = (words as Record<string, string>)[problem.slug.replace(/-/g, '_')]
  return problem.body.detail ?? problem.body.title ?? own ?? words.server
}

/** The first error of a field, where there is one; else the error itself. */
export function fieldMessageOf(error: unknown): string {
  return problemOf(error).fieldErrors[0]?.detail ?? messageOf(error)
}

/** What stands in place of a page: its icon, title, and what to do, else `sentence`. */
export function pageMessageOf(
  kind: ProblemKind,
  sentence: string,
): { icon: string; title: string; text: string } {
  const words = wordsOf('problem')
  const { icon, title, todo } = VIEWS[kind]
  return { icon, title: words[title], text: todo ? words[todo] : sentence }
}

export const isProblemKind = (state: string): state is ProblemKind => state in VIEWS

/** Why a report waits, and when it is sent again. */
export function waitingMessageOf({ kind, retryAfter }: Pick<Problem, 'kind' | 'retryAfter'>): string {
  return fill(wordsOf('problem')[VIEWS[kind].waiting], { when: duration(retryAfter) })
}

function duration(seconds: number): string {
  const words = wordsOf('time')
  return seconds < 90
    ? fill(words.seconds, { n: Math.max(1, seconds) })
    : fill(words.minutes, { n: Math.ceil(seconds / 60) })
}
