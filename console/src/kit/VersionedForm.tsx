// The form of an act on the version that was read. When somebody was faster, the words stay, and one line says who did what.
import { type ReactNode, useRef, useState } from 'react'
import type { ActionValues } from '@mini/domain/types'
import { newKey } from '@mini/platform/idempotencyKey'
import { Problem } from '@mini/platform/problem'
import type { Ticket } from '@mini/services/shapes'
import { words } from '../words'
import { type Field } from './fields'
import { Form, Unfinished } from './Form'

interface Versioned {
  version: number
}

interface Props<T extends Versioned> {
  about: T
  name: string // under which what is typed is kept
  title: string
  ask?: ReactNode
  fields: readonly Field[]
  initial?: ActionValues
  ticket?: ((loaded: T) => Ticket) | undefined // of which the fields ask for options
  tone?: string | undefined
  atOnce?: string | undefined
  isAllowed: (loaded: T) => boolean
  send: (loaded: T, values: ActionValues, key: string) => Promise<T>
  /** As somebody else has left it. */
  load: () => Promise<T>
  /** Who has done what, when; and what is possible now. */
  said: (fresh: T) => string | Promise<string>
  instead: (fresh: T) => string
  onChange: (fresh: T) => void
  onDone: (fresh: T) => void
  onCancel: () => void
}

export function VersionedForm<T extends Versioned>(props: Props<T>) {
  const { about, title } = props
  const key = useRef(newKey())
  const [loaded, setLoaded] = useState(about) // its version is sent, not that of a newer one beside it
  const [conflict, setConflict] = useState('')
  const isAllowed = props.isAllowed(loaded)

  async function send(values: ActionValues): Promise<void> {
    try {
      props.onDone(await props.send(loaded, values, key.current))
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 409) throw error
      const fresh = await props.load()
      key.current = newKey()
      if (fresh.version === loaded.version) throw error // nobody was faster: it is refused for what it says
      setLoaded(fresh)
      setConflict(await props.said(fresh))
      props.onChange(fresh)
      throw new Unfinished()
    }
  }
  return (
    <div className="act-form">
      <h3>{title}</h3>
      {conflict && (
        <p className="note soon" role="alert">
          {conflict} {!isAllowed && props.instead(loaded)}
        </p>
      )}
      {props.ask && <p>{props.ask}</p>}
      <Form
        name={props.name}
        fields={props.fields}
        initial={props.initial ?? {}}
        ticket={props.ticket?.(loaded)}
        tone={props.tone}
        atOnce={props.atOnce}
        submit={conflict && isAllowed ? words().act.again : title}
        send={send}
        disabled={!isAllowed}
        onCancel={props.onCancel}
      />
    </div>
  )
}
