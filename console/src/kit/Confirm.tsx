// A button whose act asks once more in place, because it cannot be taken back.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { wordsOf } from '@mini/i18n/index'
import { Problem } from './Message'

interface Props {
  words: string
  ask?: string // without it, it is done at once
  tone?: string
  run: () => Promise<unknown>
}

export function Confirm({ words, ask, tone = 'plain', run }: Props) {
  const [asking, setAsking] = useState(false)
  const act = useMutation({ mutationFn: run, onSettled: () => setAsking(false) })
  if (asking)
    return (
      <span className="note soon" role="alert">
        {ask}
        <button
          type="button"
          className="btn danger small"
          disabled={act.isPending}
          onClick={() => act.mutate()}
        >
          {words}
        </button>
        <button type="button" className="btn plain small" autoFocus onClick={() => setAsking(false)}>
          {wordsOf('common').cancel}
        </button>
      </span>
    )
  return (
    <>
      <button
        type="button"
        className={`btn ${tone} small`}
        disabled={act.isPending}
        onClick={() => (ask ? setAsking(true) : act.mutate())}
      >
        {words}
      </button>
      <Problem error={act.error} />
    </>
  )
}
