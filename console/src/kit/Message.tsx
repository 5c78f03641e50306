// What stands in place of content: loading, nothing there, failed, no network.
import { useEffect, useState } from 'react'
import { messageOf, pageMessageOf } from '@mini/domain/errorMessage'
import { wordsOf } from '@mini/i18n/index'
import { problemOf } from '@mini/platform/problem'
import { Icon } from './Icon'

const PATIENCE = 300 // milliseconds; what is there sooner needs no word

export function Loading() {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p className="message" role="status">
      {shown && wordsOf('common').loading}
    </p>
  )
}

export function Empty({ title, text }: { title: string; text?: string | undefined }) {
  return (
    <div className="message" role="status">
      <Icon name="check" />
      <p className="strong">{title}</p>
      {text && <p className="muted">{text}</p>}
    </div>
  )
}

export function Failed({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { icon, title, text } = pageMessageOf(problemOf(error).kind, messageOf(error))
  return (
    <div className="message" role="alert">
      <Icon name={icon} />
      <p className="strong">{title}</p>
      <p className="muted">{text}</p>
      {retry && (
        <button type="button" className="btn" onClick={retry}>
          {wordsOf('common').retry}
        </button>
      )}
    </div>
  )
}

/** One line about what has gone wrong, beside what it is about. */
export const Problem = ({ error }: { error: unknown }) =>
  error ? (
    <p className="note late" role="alert">
      {messageOf(error)}
    </p>
  ) : null

interface Query<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

/** The content of a query once it is there. */
export function Loaded<T>({ query, children }: { query: Query<T>; children: (data: T) => React.ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  return <Loading />
}
