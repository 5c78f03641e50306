// One timer for every countdown on the screen. It runs only while there are listeners.
type Listener = (now: number) => void
const listeners = new Set<Listener>()
let timer: ReturnType<typeof setInterval> | undefined

/** Call `listener` about every second until the returned function is called. */
export function everySecond(listener: Listener): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => listeners.forEach((each) => each(Date.now())), 1000)
  return () => {
    listeners.delete(listener)
    if (!listeners.size && timer) {
      clearInterval(timer)
      timer = undefined
    }
  }
}
