// One clock for every count-down on the screen; it stands still when nobody looks.
type Beat = (now: number) => void
const beats = new Set<Beat>()
let timer: ReturnType<typeof setInterval> | undefined

/** Be called about every second until the returned function is called. */
export function everySecond(beat: Beat): () => void {
  beats.add(beat)
  timer ??= setInterval(() => beats.forEach((each) => each(Date.now())), 1000)
  return () => {
    beats.delete(beat)
    if (!beats.size && timer) {
      clearInterval(timer)
      timer = undefined
    }
  }
}
