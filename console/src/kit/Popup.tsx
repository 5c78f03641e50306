// A button that opens a small panel below it; Escape and a press elsewhere close it.
import { type ReactNode, useEffect, useRef, useState } from 'react'

interface Props {
  /** What the button says; what it is for, where that says less. */
  words: ReactNode
  label: string
  children: ReactNode
  onOpen?: () => void
}

export function Popup({ words, label, children, onOpen }: Props) {
  const box = useRef<HTMLDetailsElement>(null)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const press = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) box.current?.removeAttribute('open')
    }
    addEventListener('pointerdown', press)
    return () => removeEventListener('pointerdown', press)
  }, [])
  return (
    <details
      ref={box}
      className="popup"
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
        if (event.currentTarget.open) onOpen?.()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return
        event.stopPropagation()
        box.current?.removeAttribute('open')
        box.current?.querySelector('summary')?.focus()
      }}
    >
      <summary className="btn plain small">{words}</summary>
      <fieldset className="popover">
        <legend className="hidden">{label}</legend>
        {children}
      </fieldset>
    </details>
  )
}
