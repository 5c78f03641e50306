// Polling for notices while the program is in the foreground. The store tells the visible pages.
import { isSignedIn } from '../domain/auth'
import { countUnread } from '../domain/notices'
import { store } from '../domain/store'
import { problemOf } from '../platform/problem'

const INTERVAL = 30_000
const LONGEST_INTERVAL = 8 * 60_000 // while the server does not answer or asks for patience (Retry-After)
const JITTER = 0.1 // so that phones that start together do not poll together

let delay = INTERVAL
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Start, or start again with the short interval: the program is in the foreground, or the network is back.
 */
export function startPolling(): void {
  stopPolling()
  delay = INTERVAL
  schedule()
}

export function stopPolling(): void {
  if (timer !== undefined) clearTimeout(timer)
  timer = undefined
}

function schedule(): void {
  const own = setTimeout(
    () => void poll().then(() => timer === own && schedule()),
    delay * (1 + JITTER * Math.random()),
  )
  timer = own
}

/** Poll once. A failure is not shown; the next poll comes later each time. */
async function poll(): Promise<void> {
  if (!store.get().online || !isSignedIn()) return
  const { unread, newest } = store.get()
  try {
    await countUnread()
    if (delay > INTERVAL) store.set({ online: true }) // the server answers again: pages load what they missed
    delay = INTERVAL
  } catch (error) {
    delay = Math.min(LONGEST_INTERVAL, Math.max(delay * 2, problemOf(error).retryAfter * 1000))
    return
  }
  const now = store.get()
  // A notice held back during the night has an older id, so the number counts, too.
  if (now.newest > newest || now.unread > unread) store.set({ newsVersion: now.newsVersion + 1 })
}
