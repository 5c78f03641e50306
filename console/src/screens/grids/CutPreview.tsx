// What a new cut of the grids would do, then the cut itself.
import { useState } from 'react'
import { messageOf } from '@mini/domain/errorMessage'
import { fill, wordsOf } from '@mini/i18n/index'
import { data, PUT } from '../../api'
import { say } from '../../kit/Toast'
import { words } from '../../words'

export interface GridDraft {
  id: string | null
  name: string
  covers: string[]
}

interface CutProps {
  place: string
  version: number
  grids: GridDraft[]
  onSaved: () => void
}

export function CutPreview({ place, version, grids, onSaved }: CutProps) {
  const about = JSON.stringify(grids)
  const [seen, setSeen] = useState<{ about: string; lines: string[] } | null>(null)
  const [error, setError] = useState('')
  const isSeen = seen?.about === about
  const text = words().office
  async function run(mode: 'preview' | 'confirm'): Promise<void> {
    setError('')
    try {
      const answer = await data(
        PUT('/api/v1/settings/grids', {
          params: { query: { place_id: place, [mode]: true } },
          body: { version, grids },
        }),
      )
      if (mode === 'confirm') {
        say(text.saved)
        return onSaved()
      }
      const ended = answer.ended.map(({ label }) => label).join('、')
      const without = answer.without_grid.map(({ label }) => label).join('、')
      setSeen({
        about,
        lines: [
          ended && fill(text.gridEnds, { names: ended }),
          without && fill(text.without, { names: without }),
        ].filter(Boolean),
      })
    } catch (refusal) {
      setError(messageOf(refusal))
    }
  }
  return (
    <div className="form">
      {isSeen && (
        <div className={seen.lines.length ? 'note soon' : 'note'} role="status">
          {seen.lines.length
            ? seen.lines.map((line) => <p key={line}>{line}</p>)
            : wordsOf('settings').effectNone}
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
          className={isSeen ? 'btn plain' : 'btn main'}
          onClick={() => void run('preview')}
        >
          {words().form.see}
        </button>
        {isSeen && (
          <button type="button" className="btn main" onClick={() => void run('confirm')}>
            {text.confirm}
          </button>
        )}
      </div>
    </div>
  )
}
