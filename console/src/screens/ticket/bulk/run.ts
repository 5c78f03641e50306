// One act on many tickets, a hundred at a time: how far it is, what became of each, stopped and gone on with.
import { useRef, useState } from 'react'
import { newKey } from '@mini/platform/idempotencyKey'
import { problemOf } from '@mini/platform/problem'
import type { Ticket } from '@mini/services/shapes'
import { type BulkAction, type BulkItem, postActs, type SeenTicket } from '../../../office'

const MOST = 100 // tickets in one request

/** A request and its key: sent again after a broken connection, it does nothing twice. */
interface Batch {
  tickets: readonly SeenTicket[]
  key: string
}

export interface Run {
  action: string // as it is named to people
  total: number
  done: number
  failed: BulkItem[]
  isRunning: boolean
  rest: readonly Batch[] // what was not sent, or was not answered
  error?: unknown
}

interface Act {
  action: BulkAction
  body: object
  tickets: readonly SeenTicket[]
  words: string
}

export interface Runner {
  run: Run | null
  start: (act: Act) => Promise<Run>
  goOn: () => Promise<Run>
  stop: () => void
  forget: () => void
}

const batchesOf = (tickets: readonly SeenTicket[]): Batch[] =>
  Array.from({ length: Math.ceil(tickets.length / MOST) }, (_, n) => ({
    tickets: tickets.slice(n * MOST, (n + 1) * MOST),
    key: newKey(),
  }))

export function useRun(onChange: (ticket: Ticket) => void): Runner {
  const [run, setRun] = useState<Run | null>(null)
  const act = useRef<Act | null>(null)
  const stopped = useRef(false)

  async function send(from: Run): Promise<Run> {
    const { action, body } = act.current!
    stopped.current = false
    let now: Run = { ...from, isRunning: true, error: undefined }
    setRun(now)
    while (now.rest.length && !stopped.current && !now.error) {
      const [batch, ...rest] = now.rest as [Batch, ...Batch[]]
      try {
        const items = await postActs(action, batch.tickets, body, batch.key)
        for (const { ticket } of items) if (ticket) onChange(ticket)
        const failed = items.filter(({ problem }) => problem)
        now = { ...now, rest, done: now.done + items.length, failed: [...now.failed, ...failed] }
      } catch (error) {
        // What is wrong with the form is said at its fields, before anything was done.
        if (!now.done && problemOf(error).status === 422) {
          setRun(null)
          throw error
        }
        now = { ...now, error }
      }
      setRun(now)
    }
    now = { ...now, isRunning: false }
    setRun(now)
    return now
  }
  return {
    run,
    start: (asked) => {
      act.current = asked
      const { words, tickets } = asked
      const rest = batchesOf(tickets)
      return send({ action: words, total: tickets.length, done: 0, failed: [], isRunning: true, rest })
    },
    goOn: () => send(run!),
    stop: () => {
      stopped.current = true
    },
    forget: () => setRun(null),
  }
}
