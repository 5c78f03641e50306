// One act for many tickets: those selected, or all that match. Each with its own version and its own answer.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { ActionValues } from '@mini/domain/types'
import { fill } from '@mini/i18n/index'
import type { Ticket } from '@mini/services/shapes'
import { Form } from '../../../kit/Form'
import type { BulkProps, Frozen } from '../../../kit/listSpec'
import { Problem } from '../../../kit/Message'
import { say } from '../../../kit/Toast'
import { words } from '../../../words'
import { ACTIONS, fieldsOf, type Name, nameOf } from './fields'
import { Progress, Result } from './Result'
import { useRun } from './run'

export function Bulk({ ids, rows, freeze, select, onChange }: BulkProps<Ticket>) {
  const client = useQueryClient()
  const [name, setName] = useState<Name | ''>('')
  const [frozen, setFrozen] = useState<{ of: ReadonlySet<string>; all: Frozen } | null>(null)
  const { run, start, goOn, stop, forget } = useRun(onChange)
  const all = frozen?.of === ids ? frozen.all : undefined // another selection is another matter
  const tickets = all?.rows ?? rows
  const first = rows[0]

  /** What was not done stays selected, also what was never loaded. */
  async function finished(act: ReturnType<typeof goOn>): Promise<void> {
    const { failed, rest, done, action } = await act
    setName('')
    void client.invalidateQueries({ queryKey: ['counts'] })
    if (!failed.length && !rest.length) say(fill(words().bulk.result, { action, done }))
    const left = new Set([...failed, ...rest.flatMap(({ tickets }) => tickets)].map(({ id }) => id))
    if (all)
      setFrozen({ of: left, all: { rows: all.rows.filter(({ id }) => left.has(id)), total: left.size } })
    select(left)
  }
  async function send(values: ActionValues): Promise<void> {
    const act = {
      action: name === 'note' ? ('comment' as const) : (name as Exclude<Name, 'note'>),
      body: { ...values, ...(name === 'note' ? { internal: true } : {}) },
      tickets,
      words: nameOf(name as Name),
    }
    await finished(start(act))
  }
  const said = fill(words().list.selected, { n: tickets.length })
  return (
    <section className="bulk" aria-label={said}>
      <p className="strong" role="status">
        {said}
      </p>
      {run?.isRunning ? (
        <Progress run={run} stop={stop} />
      ) : (
        <>
          <div className="buttons">
            {first &&
              ACTIONS.map((each) => (
                <button
                  key={each}
                  type="button"
                  className="btn plain small"
                  aria-expanded={name === each}
                  onClick={() => setName(name === each ? '' : each)}
                >
                  {nameOf(each)}
                </button>
              ))}
            <button type="button" className="btn text small" onClick={() => select([])}>
              {words().list.clearSelection}
            </button>
          </div>
          {all ? (
            <AllSelected all={all} />
          ) : (
            freeze && <OfferAll freeze={freeze} onFrozen={(found) => setFrozen({ of: ids, all: found })} />
          )}
          {run && <Result run={run} goOn={() => void finished(goOn())} forget={forget} />}
        </>
      )}
      {name && first && (
        <div className="act-form grow" hidden={run?.isRunning}>
          <Form
            key={name}
            name={`bulk:${name}`}
            fields={fieldsOf(name, first)}
            ticket={first}
            submit={`${nameOf(name)}（${tickets.length}）`}
            send={send}
            onCancel={() => setName('')}
          />
        </div>
      )}
    </section>
  )
}

interface OfferProps {
  freeze: () => Promise<Frozen>
  onFrozen: (all: Frozen) => void
}

/** All that are loaded are selected; there are more. */
function OfferAll({ freeze, onFrozen }: OfferProps) {
  const [at] = useLocation()
  const search = useSearch()
  const count = useQuery({ queryKey: ['selection', at, search], queryFn: freeze, gcTime: 0 })
  const all = useMutation({ mutationFn: freeze, onSuccess: onFrozen })
  return (
    <>
      {count.data && (
        <button
          type="button"
          className="btn text small"
          disabled={all.isPending}
          onClick={() => all.mutate()}
        >
          {fill(words().bulk.all, { n: count.data.total })}
        </button>
      )}
      <Problem error={count.error ?? all.error} />
    </>
  )
}

function AllSelected({ all: { rows, total } }: { all: Frozen }) {
  const text = words().bulk
  return (
    <p className="grow">
      {text.frozen} {total > rows.length && fill(text.first, { n: rows.length, total })}
    </p>
  )
}
