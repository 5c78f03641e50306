// The acts that the server offers on a subject; the digits choose one. An act without a form is done at once.
import { useState } from 'react'
import type { ActionValues } from '@mini/domain/types'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { Problem as Refusal, problemOf } from '@mini/platform/problem'
import { useKeys } from '../../kit/keys'
import { Problem } from '../../kit/Message'
import { say } from '../../kit/Toast'
import { VersionedForm } from '../../kit/VersionedForm'
import { actOnSubject, getSubject, listSubjectEvents, type Path, type Subject } from '../../subjects'
import { words } from '../../words'
import type { SubjectSpec } from './spec'

interface Props<S extends Subject> {
  spec: SubjectSpec<S>
  subject: S
  onChange: (fresh: S) => void
  onDone: (fresh: S) => void
}

export function Acts<S extends Subject>({ spec, subject, onChange, onDone }: Props<S>) {
  const [action, setAction] = useState('')
  const [error, setError] = useState<unknown>()
  const nameOf = (name: string): string => spec.acts()[name] ?? name
  const offered = Object.keys(spec.moves).filter(
    (name) => subject.actions.includes(name) && !spec.moves[name]!.elsewhere,
  )
  const done = (name: string, fresh: S): void => {
    setAction('')
    say(fill(words().subjects.done, { act: nameOf(name) }))
    onDone(fresh)
  }
  async function perform(name: string, loaded: S, values: ActionValues, key: string): Promise<S> {
    const { body, unversioned, refusedAt } = spec.moves[name]!
    const sent = {
      ...(unversioned ? {} : { version: loaded.version }),
      ...(body?.(values, loaded) ?? values),
    }
    try {
      return await actOnSubject<S>(spec.path, loaded.id, name, sent, key)
    } catch (refusal) {
      throw atField(refusal, refusedAt)
    }
  }
  async function choose(name: string): Promise<void> {
    setError(undefined)
    const { fields, ask } = spec.moves[name]!
    if (fields?.(subject).length || ask) return setAction(name)
    try {
      done(name, await perform(name, subject, {}, newKey()))
    } catch (refusal) {
      setError(refusal)
      if (problemOf(refusal).status === 409) onChange(await getSubject<S>(spec.path, subject.id))
    }
  }
  useKeys(Object.fromEntries(offered.slice(0, 9).map((name, n) => [String(n + 1), () => void choose(name)])))
  const move = spec.moves[action]
  return (
    <section className="acts" aria-label={words().groups.work}>
      {!offered.length && <p className="muted">{words().subjects.nothing}</p>}
      <div className="buttons">
        {offered.map((name, n) => (
          <button
            key={name}
            type="button"
            className={`btn small ${n === 0 ? 'main' : spec.moves[name]!.tone === 'danger' ? 'danger' : 'plain'}`}
            aria-expanded={spec.moves[name]!.fields?.(subject).length ? action === name : undefined}
            onClick={() => void choose(name)}
          >
            {nameOf(name)}
          </button>
        ))}
      </div>
      <Problem error={error} />
      {move && (
        <VersionedForm
          key={action}
          about={subject}
          name={`${subject.id}:${action}`}
          title={nameOf(action)}
          fields={move.fields?.(subject) ?? []}
          initial={move.initial?.(subject) ?? {}}
          tone={move.tone}
          isAllowed={({ actions }) => actions.includes(action)}
          send={(loaded, values, key) => perform(action, loaded, values, key)}
          load={() => getSubject<S>(spec.path, subject.id)}
          said={() => latestOf(spec.path, subject.id)}
          instead={({ actions }) => insteadOf(actions.map(nameOf))}
          onChange={onChange}
          onDone={(fresh) => done(action, fresh)}
          onCancel={() => setAction('')}
        />
      )}
    </section>
  )
}

const insteadOf = (acts: readonly string[]): string =>
  acts.length ? fill(words().subjects.nowAllowed, { acts: acts.join('、') }) : words().subjects.nowNothing

/** Who has done what last, and when. */
async function latestOf(path: Path, id: string): Promise<string> {
  const last = (await listSubjectEvents(path, id)).at(-1)
  if (!last) return wordsOf('problem').faster
  const what = [last.label, last.text].filter(Boolean).join('，')
  return fill(words().subjects.faster, { who: last.actor.label, what, at: formatTime(last.at) })
}

/** A refusal that names no field, as one of the field it is about: a room that is taken. */
export function atField(error: unknown, field: string | undefined): unknown {
  if (!field || !(error instanceof Refusal) || error.slug !== 'conflict') return error
  const detail = error.body.detail ?? error.message
  return new Refusal(error.kind, error.status, { ...error.body, errors: [{ pointer: `/${field}`, detail }] })
}
