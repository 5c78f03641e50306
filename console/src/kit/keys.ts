// Keyboard shortcuts. They rest while somebody types, while an input method composes and while a dialog is open.
import { useEffect, useRef } from 'react'

export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]'
const SEQUENCE = 1_500 // milliseconds between g and its letter
let [before, latest] = [
  { key: '', at: 0 },
  { key: '', at: 0 },
]

function isResting(event: KeyboardEvent): boolean {
  const target = event.target as Element | null
  return (
    event.isComposing ||
    event.keyCode === 229 || // what Chromium sends while an input method takes the key
    event.defaultPrevented ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    Boolean(target?.closest(TYPING)) ||
    Boolean(document.querySelector('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'))
  )
}

/** `keys` are named as in `event.key`; `g w` is g, then w. Enter and Space are left to buttons and links. */
export function useKeys(keys: Keys): void {
  const handlers = useRef(keys)
  useEffect(() => {
    handlers.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isResting(event)) return
      if (event.key === 'Enter' && (event.target as Element).closest('button, a, summary')) return
      const follows = before.key === 'g' && Date.now() - before.at < SEQUENCE
      const action = handlers.current[follows ? `g ${event.key}` : event.key]
      if (!action) return
      event.preventDefault()
      action(event)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

/** Remember the key that was pressed before, ahead of every handler: two keys may come in one go. Called once, by the frame. */
export function usePrefix(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      before = latest
      latest = { key: isResting(event) ? '' : event.key, at: Date.now() }
    }
    addEventListener('keydown', press, true)
    return () => removeEventListener('keydown', press, true)
  }, [])
}
