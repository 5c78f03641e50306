// A screen: its title, what can be done on it, its content.
import { type ReactNode, useEffect } from 'react'
import { words } from '../words'

interface Props {
  title: string
  lead?: string | undefined
  actions?: ReactNode
  children: ReactNode
}

export function Screen({ title, lead, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · ${words().app.name}`
  }, [title])
  return (
    <section className="screen" aria-labelledby="screen-title">
      <header className="screen-head">
        <h1 id="screen-title" tabIndex={-1}>
          {title}
        </h1>
        <div className="screen-actions">{actions}</div>
        {lead && <p className="lead">{lead}</p>}
      </header>
      {children}
    </section>
  )
}
