// The lock: after half an hour without a key or the mouse the session ends. Every window of the browser counts.
import { signOut } from './session'

const IDLE = 30 * 60_000 // milliseconds
const LOOK = 15_000
const KEY = 'loudeng.active'
const ACTIVITY = ['keydown', 'pointerdown', 'pointermove', 'wheel']

const lastActive = (): number => Number(localStorage.getItem(KEY)) || Date.now()

let noted = 0
function note(): void {
  if (Date.now() - noted < LOOK) return
  noted = Date.now()
  localStorage.setItem(KEY, String(noted))
}

/** Whether the last session was left alone for too long, before anything is shown of it. */
export const isIdle = (): boolean => Date.now() - lastActive() > IDLE

/** Watch until the returned function is called. */
export function watchIdle(): () => void {
  note()
  const timer = setInterval(() => isIdle() && void signOut('locked'), LOOK)
  for (const name of ACTIVITY) addEventListener(name, note, { passive: true })
  return () => {
    clearInterval(timer)
    for (const name of ACTIVITY) removeEventListener(name, note)
  }
}
