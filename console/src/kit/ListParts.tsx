// What stands around the rows of a list: nothing there, more of them, new ones, those that were folded.
import { type ReactNode, useEffect, useState } from 'react'
import { fill, wordsOf } from '@mini/i18n/index'
import { words } from '../words'
import type { ListSpec } from './listSpec'
import { Empty, Failed, Loading } from './Message'
import type { Rows } from './useRows'

interface ContentProps<Row> {
  list: Rows<Row>
  empty: ListSpec<Row>['empty']
  children: ReactNode
}

export function Content<Row>({ list, empty, children }: ContentProps<Row>) {
  if (list.rows.length) return children
  if (list.error) return <Failed error={list.error} retry={list.reload} />
  return list.isLoading ? <Loading /> : <Empty {...empty()} />
}

export function Folded<Row>({ list }: { list: Rows<Row> }) {
  if (!list.hidden) return null
  return (
    <p className="note">
      {fill(words().list.folded, { n: list.hidden })}{' '}
      <button type="button" className="btn text" onClick={list.reload}>
        {words().list.toStart}
      </button>
    </p>
  )
}

export function More<Row>({ list }: { list: Rows<Row> }) {
  if (!list.rows.length) return null
  return (
    <p className="more">
      <span className="muted">{fill(words().list.count, { n: list.rows.length })}</span>
      {list.more && (
        <button type="button" className="btn plain" onClick={list.more}>
          {words().list.more}
        </button>
      )}
      {list.isFetching && <span role="status">{wordsOf('common').loading}</span>}
    </p>
  )
}

/** New rows are announced; the reader says when to show them. */
export function News({ count, show }: { count: number; show: () => void }) {
  const [said, setSaid] = useState(0)
  useEffect(() => setSaid(count), [count])
  return (
    <div aria-live="polite" className="news">
      {said > 0 && (
        <button type="button" className="note link" onClick={show}>
          {fill(words().list.news, { n: said })} <kbd>r</kbd>
        </button>
      )}
    </div>
  )
}
