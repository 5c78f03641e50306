// A change of settings: first what it would do to open tickets, then the change itself.
import { useState } from 'react'
import { messageOf } from '@mini/domain/errorMessage'
import { fill, wordsOf } from '@mini/i18n/index'
import type { SettingsResult } from '@mini/services/shapes'
import type { SaveMode } from '@mini/services/settings'
import { words } from '../words'
import { say } from './Toast'

interface Props {
  /** What would be sent; another one begins with a look at what it would do. */
  about: string
  put: (mode: SaveMode) => Promise<SettingsResult>
  onSaved: () => void
}

export function Preview({ about, put, onSaved }: Props) {
  const [seen, setSeen] = useState<{ about: string; result: SettingsResult } | null>(null)
  const [error, setError] = useState('')
  const [isBusy, setBusy] = useState(false)
  const result = seen?.about === about ? seen.result : undefined
  const text = wordsOf('settings')
  async function run(mode: SaveMode): Promise<void> {
    setBusy(true)
    setError('')
    try {
      const answer = await put(mode)
      if (mode === 'preview') return setSeen({ about, result: answer })
      say(text.done)
      setSeen(null)
      onSaved()
    } catch (refusal) {
      setError(messageOf(refusal))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="form">
      {result && (
        <div className={result.overdue ? 'note late' : 'note'} role="status">
          <p>
            {result.moved
              ? fill(words().office.impact, { ...result, tickets: '', done: '' })
              : text.effectNone}
          </p>
          <ul>
            {result.tickets.map(({ id, no, category, overdue }) => (
              <li key={id}>
                <span className="ltr">{no}</span> · {category} {overdue && wordsOf('workbench').overdue}
              </li>
            ))}
          </ul>
        </div>
      )}
      {error && (
        <p className="note late" role="alert">
          {error}
        </p>
      )}
      <div className="buttons">
        <button
          type="button"
          className={result ? 'btn plain' : 'btn main'}
          disabled={isBusy}
          onClick={() => void run('preview')}
        >
          {text.preview}
        </button>
        {result && (
          <button type="button" className="btn main" disabled={isBusy} onClick={() => void run('confirm')}>
            {result.overdue ? text.confirmLate : text.confirm}
          </button>
        )}
      </div>
    </div>
  )
}
