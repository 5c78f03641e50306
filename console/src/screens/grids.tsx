// Re-cutting the grids of a community: names and what each covers; first what it would do, then the cut.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '@mini/domain/errorMessage'
import { fill, wordsOf } from '@mini/i18n/index'
import { getGrids } from '@mini/services/settings'
import type { Grids as GridsShape } from '@mini/services/shapes'
import { data, PUT } from '../api'
import { useDraft } from '../drafts'
import { Loaded } from '../kit/Message'
import { Office } from '../kit/Office'
import { PlacesField } from '../kit/PlacesField'
import { Screen } from '../kit/Screen'
import { say } from '../kit/Toast'
import { words } from '../words'

interface GridDraft {
  id: string | null
  name: string
  covers: string[]
}

export function Grids() {
  return (
    <Office screen="grids" communities>
      {(place, picker) => <GridsOf key={place} place={place} picker={picker} />}
    </Office>
  )
}

function GridsOf({ place, picker }: { place: string; picker: React.ReactNode }) {
  const query = useQuery({ queryKey: ['grids', place], queryFn: () => getGrids(place) })
  return (
    <Screen title={words().screens.grids} lead={words().office.previewFirst} actions={picker}>
      <Loaded query={query}>
        {(grids) => (
          <Cut key={grids.version} grids={grids} place={place} onSaved={() => void query.refetch()} />
        )}
      </Loaded>
    </Screen>
  )
}

function Cut({ grids, place, onSaved }: { grids: GridsShape; place: string; onSaved: () => void }) {
  const initial = grids.grids.map(({ id, name, covers }) => ({
    id,
    name,
    covers: covers.map((each) => each.id),
  }))
  const draft = useDraft<GridDraft[]>(`grids:${place}:${grids.version}`, initial)
  const text = wordsOf('grids')
  const change = (at: number, changed: Partial<GridDraft>): void =>
    draft.set(draft.value.map((grid, n) => (n === at ? { ...grid, ...changed } : grid)))
  return (
    <>
      {grids.without_grid.length > 0 && (
        <p className="note soon">
          {fill(words().office.without, { names: grids.without_grid.map(({ label }) => label).join('、') })}
        </p>
      )}
      <ul className="grid-cards">
        {draft.value.map((grid, n) => {
          const known = grids.grids.find(({ id }) => id === grid.id)
          return (
            <li key={grid.id ?? n} className="card form">
              <label className="form-field">
                <span className="label">{wordsOf('orgs').name}</span>
                <input
                  className="field"
                  value={grid.name}
                  onChange={(event) => change(n, { name: event.target.value })}
                />
              </label>
              <div className="form-field" role="group" aria-label={`${text.covers} ${grid.name}`}>
                <span className="label">{text.covers}</span>
                <PlacesField value={grid.covers} set={(covers) => change(n, { covers })} />
              </div>
              {known && (
                <p className="muted small">
                  {known.posts
                    .map(
                      ({ role_name, person }) =>
                        `${role_name}：${person ? (person.name ?? text.unnamed) : text.vacant}`,
                    )
                    .join(' · ')}{' '}
                  · {fill(text.open, { n: known.open_tickets })}
                </p>
              )}
              <button
                type="button"
                className="btn text small"
                onClick={() => draft.set(draft.value.filter((_, at) => at !== n))}
              >
                {wordsOf('common').remove}
              </button>
            </li>
          )
        })}
      </ul>
      <div className="buttons">
        <button
          type="button"
          className="btn plain"
          onClick={() => draft.set([...draft.value, { id: null, name: '', covers: [] }])}
        >
          {words().office.addGrid}
        </button>
      </div>
      <CutPreview
        place={place}
        version={grids.version}
        grids={draft.value}
        onSaved={() => {
          draft.clear()
          onSaved()
        }}
      />
    </>
  )
}

interface CutProps {
  place: string
  version: number
  grids: GridDraft[]
  onSaved: () => void
}

function CutPreview({ place, version, grids, onSaved }: CutProps) {
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
