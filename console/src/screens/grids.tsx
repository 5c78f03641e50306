// Re-cutting the grids of a community: names and what each covers; first what it would do, then the cut.
import { useQuery } from '@tanstack/react-query'
import { fill, wordsOf } from '@mini/i18n/index'
import { getGrids } from '@mini/services/settings'
import type { Grids as GridsShape } from '@mini/services/shapes'
import { useDraft } from '../drafts'
import { Loaded } from '../kit/Message'
import { Office } from '../kit/Office'
import { PlacesField } from '../kit/PlacesField'
import { Screen } from '../kit/Screen'
import { words } from '../words'
import { CutPreview, type GridDraft } from './grids/CutPreview'

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
