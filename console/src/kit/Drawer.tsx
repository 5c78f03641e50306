// One row beside its list, at an address of its own. Escape closes it; the list stays in reach.
import { type ReactNode, useEffect, useRef } from 'react'
import { wordsOf } from '@mini/i18n/index'
import { Icon } from './Icon'

interface Props {
  title: string
  /** What the drawer shows; another one begins at the top. */
  about: string
  onClose: () => void
  children: ReactNode
  actions?: ReactNode
}

export function Drawer({ title, about, onClose, children, actions }: Props) {
  const head = useRef<HTMLHeadingElement>(null)
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    box.current?.scrollTo(0, 0)
    if (!document.activeElement?.closest('[data-id]')) head.current?.focus({ preventScroll: true })
  }, [about])
  return (
    <aside
      ref={box}
      className="drawer"
      aria-labelledby="drawer-title"
      onKeyDown={(event) => {
        const busy = document.querySelector('[role=dialog], [role=listbox], [role=menu]')
        if (event.key === 'Escape' && !event.nativeEvent.isComposing && !busy) onClose()
      }}
    >
      <header className="drawer-head">
        <h2 id="drawer-title" ref={head} tabIndex={-1}>
          {title}
        </h2>
        {actions}
        <button
          type="button"
          className="btn plain round"
          aria-label={wordsOf('common').close}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </aside>
  )
}
