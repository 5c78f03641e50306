// How long is left of the limit that runs, in its colour.
import { useSyncExternalStore } from 'react'
import { formatDuration, toMillis, urgencyOf } from '@mini/domain/time'
import { workbenchStep } from '@mini/domain/workbench'
import { fill, wordsOf } from '@mini/i18n/index'
import type { Ticket } from '@mini/services/shapes'

const STEP = 30_000 // milliseconds
let now = Date.now()

function watch(watcher: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now()
    watcher()
  }, STEP)
  return () => clearInterval(timer)
}

export function Due({ ticket }: { ticket: Ticket }) {
  useSyncExternalStore(watch, () => Math.floor(now / STEP))
  const { what, start, due, paused } = workbenchStep(ticket)
  if (paused) return <span className="muted">{paused}</span>
  if (!what || !due) return null
  const words = wordsOf('clock')
  const left = toMillis(due) - Date.now()
  const text = fill(left < 0 ? words.late : words.left, {
    what: words[what],
    left: formatDuration(Math.abs(left)),
  })
  return <span className={`due ${urgencyOf(toMillis(start), toMillis(due), Date.now())}`}>{text}</span>
}
