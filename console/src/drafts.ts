// What was typed and not sent, by who typed it; it outlives the lock and a reload, and ends with the window.
import { useCallback, useState } from 'react'
import { readStorage, removeStorage, writeStorage } from './platform/storage'
import { useMe } from './session'

export interface Draft<T> {
  value: T
  set: (value: T) => void
  clear: () => void
}

/** State that is kept under `name`. */
export function useDraft<T>(name: string, initial: T): Draft<T> {
  const key = `draft:${useMe().id}:${name}`
  const [value, setValue] = useState<T>(() => readStorage<T>(key) ?? initial)
  const set = useCallback(
    (next: T) => {
      setValue(next)
      writeStorage(key, next)
    },
    [key],
  )
  const clear = useCallback(() => removeStorage(key), [key])
  return { value, set, clear }
}
