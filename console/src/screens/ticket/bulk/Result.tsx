// How far an act on many tickets is, and afterwards each ticket that it was not done on, with the reason.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { fill, wordsOf } from '@mini/i18n/index'
import { getTicket } from '@mini/services/tickets'
import { useRowHref } from '../../../kit/address'
import { Problem } from '../../../kit/Message'
import type { BulkItem } from '../../../office'
import { words } from '../../../words'
import type { Run } from './run'

export function Progress({ run, stop }: { run: Run; stop: () => void }) {
  const text = fill(words().bulk.progress, { done: run.done, total: run.total })
  return (
    <div className="row wrap grow">
      <progress className="grow" max={run.total} value={run.done} aria-label={run.action} />
      <span role="status">{text}</span>
      <button type="button" className="btn plain small" onClick={stop}>
        {words().bulk.stop}
      </button>
    </div>
  )
}

const SHOWN = 100 // lines; each asks for the number of its ticket

interface Props {
  run: Run
  goOn: () => void
  forget: () => void
}

export function Result({ run, goOn, forget }: Props) {
  const text = words().bulk
  const { failed, done, rest, error } = run
  const left = rest.reduce((sum, { tickets }) => sum + tickets.length, 0)
  return (
    <div className="grow form">
      <div className={failed.length || left ? 'note soon' : 'note'} role="status">
        <span className="grow">
          {fill(text.result, { action: run.action, done: done - failed.length })}
          {failed.length > 0 && `，${fill(text.failed, { n: failed.length })}`}
          {left > 0 && `，${fill(text.left, { n: left })}`}
        </span>
        {left > 0 && (
          <button type="button" className="btn main small" onClick={goOn}>
            {text.goOn}
          </button>
        )}
        <button type="button" className="btn plain small" onClick={forget}>
          {wordsOf('common').close}
        </button>
      </div>
      <Problem error={error} />
      {failed.length > 0 && (
        <ul className="plain-list bulk-failed" aria-label={fill(text.failed, { n: failed.length })}>
          {failed.slice(0, SHOWN).map((item) => (
            <Failed key={item.id} item={item} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Failed({ item: { id, problem } }: { item: BulkItem }) {
  const hrefOf = useRowHref()
  const { data } = useQuery({ queryKey: ['ticket', id], queryFn: () => getTicket(id), retry: false })
  return (
    <li>
      <Link href={hrefOf(id)} className="ltr">
        {data?.no ?? words().ticket.open}
      </Link>
      ：{problem?.detail ?? problem?.title}
    </li>
  )
}
