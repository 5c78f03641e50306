// What the last action has done, for a few seconds; it can be undone from here.
import { useSyncExternalStore } from 'react'
import { undoAnnounced } from '@mini/domain/actionResult'
import { store } from '@mini/domain/store'
import { labelOf } from '@mini/i18n/index'

const watch = (watcher: () => void): (() => void) => store.watch(watcher)

export function Toast() {
  const result = useSyncExternalStore(watch, () => store.get().result)
  return (
    <div className="toast-place" role="status" aria-live="polite">
      {result && (
        <div className={`toast ${result.tone}`}>
          <span>{result.words}</span>
          {result.undo && (
            <button type="button" className="btn text" onClick={() => void undoAnnounced()}>
              {labelOf('action', 'undo')}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

/** Say something that is done. */
export const say = (words: string): void => {
  store.set({ result: { words, tone: 'good', undo: null } })
  const said = store.get().result
  setTimeout(() => store.get().result === said && store.set({ result: null }), 4_000)
}
