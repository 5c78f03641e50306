// While the program is in front it looks every half minute whether there is news, quietly; pages in front are told by the store.
import { count } from '../services/notices'
import { signedIn } from './auth'
import { problemOf } from './problem'
import { store } from './store'

export const EVERY = 30_000
const SELDOM = 8 * 60_000 // between tries, while the server asks for patience or does not answer
const SPREAD = 0.1 // phones that woke together do not ask together

let wait = EVERY
let timer: ReturnType<typeof setTimeout> | undefined

/** Begin anew: the program came to the front, or the network came back. */
export function start(): void {
  stop()
  wait = EVERY
  next()
}

export function stop(): void {
  if (timer !== undefined) clearTimeout(timer)
  timer = undefined
}

function next(): void {
  const mine = setTimeout(() => void beat().then(() => timer === mine && next()), wait * (1 + SPREAD * Math.random()))
  timer = mine
}

/** Look once. Nobody is told when it fails: the next look comes by itself, later each time. */
export async function beat(): Promise<void> {
  if (!store.get().online || !signedIn()) return
  const { unread, newest } = store.get()
  try {
    await count()
    wait = EVERY
  } catch (error) {
    wait = Math.min(SELDOM, Math.max(wait * 2, problemOf(error).retryAfter * 1000))
    return
  }
  const now = store.get() // what waited for the morning is older than what is known, so the number counts as well
  if (now.newest > newest || now.unread > unread) store.set({ news: now.news + 1 })
}
