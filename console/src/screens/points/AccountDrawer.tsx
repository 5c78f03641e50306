// One account: each line with what it was for and who confirmed it; a line is taken back by another one, with a reason.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { type Account, listTransfers, reverseTransfer, type Transfer } from '../../accounts'
import { Drawer } from '../../kit/Drawer'
import { FactList } from '../../kit/Facts'
import { Form } from '../../kit/Form'
import type { DetailProps } from '../../kit/listSpec'
import { Loaded } from '../../kit/Message'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { textField } from '../subjects/parts'
import { ownerOf } from '../points'

const text = () => words().points

export function AccountDrawer({ id, row, onClose }: DetailProps<Account>) {
  const client = useQueryClient()
  const queryKey = ['transfers', id]
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => listTransfers(id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? null,
  })
  const reversed = async (): Promise<void> => {
    say(text().reversed)
    await client.invalidateQueries({ queryKey })
    await client.invalidateQueries({ queryKey: ['points'] })
  }
  return (
    <Drawer title={row ? ownerOf(row) : text().account} about={id} onClose={onClose}>
      {row && (
        <FactList
          rows={[
            [text().circle, row.circle.kind_name],
            [text().offer, row.circle.offer],
            [words().subjects.where, row.circle.community],
            [
              text().balance,
              <span key="balance" className="ltr">
                {row.balance}
              </span>,
            ],
            [
              text().lapse,
              row.lapsing && fill(text().lapsing, { n: row.lapsing.amount, at: row.lapsing.on }),
            ],
          ]}
        />
      )}
      <section aria-labelledby="lines-title">
        <h3 id="lines-title">{text().lines}</h3>
        <Loaded query={{ ...query, data: query.data?.pages.flatMap(({ items }) => items) }}>
          {(lines) => (
            <ol className="timeline">
              {lines.map((line) => (
                <Line key={line.id} line={line} onReversed={reversed} />
              ))}
            </ol>
          )}
        </Loaded>
        {query.hasNextPage && (
          <button type="button" className="btn plain small" onClick={() => void query.fetchNextPage()}>
            {words().activities.more}
          </button>
        )}
      </section>
    </Drawer>
  )
}

function Line({ line, onReversed }: { line: Transfer; onReversed: () => Promise<void> }) {
  const [asking, setAsking] = useState(false)
  const key = useRef(newKey())
  const { amount, cause, reservation_id } = line
  return (
    <li>
      <p className="row apart">
        <span className="strong">{line.reason_name}</span>
        <span className={amount < 0 ? 'ltr' : 'ltr strong'}>{amount > 0 ? `+${amount}` : amount}</span>
      </p>
      {cause && (
        <p>
          <Link href={`/activities/${cause.subject_id}`}>{cause.title ?? cause.rule_name}</Link>{' '}
          <span className="muted small">
            {[
              cause.rule_name,
              cause.confirmed_by && fill(text().confirmedBy, { who: cause.confirmed_by.label }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </p>
      )}
      {reservation_id && <Link href={`/reservations/${reservation_id}`}>{text().reservation}</Link>}
      {line.text && <p className="break">{line.text}</p>}
      <p className="muted small">
        {[line.other_name, formatTime(line.at), line.reversed && text().isReversed]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {line.actions.includes('reverse') && !asking && (
        <button type="button" className="btn plain small" onClick={() => setAsking(true)}>
          {text().reverse}
        </button>
      )}
      {asking && (
        <Form
          name={`reverse:${line.id}`}
          fields={[textField(() => text().why)]}
          submit={text().reverse}
          tone="danger"
          send={async ({ text: why }) => {
            await reverseTransfer(line.id, String(why), key.current)
            setAsking(false)
            await onReversed()
          }}
          onCancel={() => setAsking(false)}
        />
      )}
    </li>
  )
}
