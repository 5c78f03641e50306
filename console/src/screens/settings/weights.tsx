// The weights of the three rates in an office's composite (综合权重): a hundred in all, or none and no composite.
import { useQuery } from '@tanstack/react-query'
import { fill, wordsOf } from '@mini/i18n/index'
import { problemOf } from '@mini/platform/problem'
import type { components } from '@mini/services/api'
import { data, GET, PUT } from '../../api'
import { useDraft } from '../../drafts'
import { Confirm } from '../../kit/Confirm'
import { Loaded } from '../../kit/Message'
import { Office } from '../../kit/Office'
import { Screen } from '../../kit/Screen'
import { say } from '../../kit/Toast'
import { words } from '../../words'

type All = components['schemas']['WeightsOut']
type Weight = components['schemas']['WeightIn']
type Typed = Record<Weight['rate'], string>

const RATES = ['response', 'resolution', 'satisfaction'] as const
const WHOLE = 100 // percent
const text = () => words().weights

const typedOf = (weights: readonly Weight[]): Typed =>
  Object.fromEntries(
    RATES.map((rate) => [rate, String(weights.find((each) => each.rate === rate)?.weight ?? '')]),
  ) as Typed
const weightsOf = (typed: Typed): Weight[] =>
  RATES.map((rate) => ({ rate, weight: Number(typed[rate]) })).filter(({ weight }) => weight > 0)

export function Weights() {
  return (
    <Office screen="weights">
      {(place, picker) => <OfWeights key={place} place={place} picker={picker} />}
    </Office>
  )
}

function OfWeights({ place, picker }: { place: string; picker: React.ReactNode }) {
  const query = useQuery({
    queryKey: ['weights', place],
    queryFn: () => data(GET('/api/v1/settings/weights', { params: { query: { place_id: place } } })),
  })
  return (
    <Screen title={words().screens.weights} lead={text().lead} actions={picker}>
      <Loaded query={query}>
        {(all) => <WeightForm all={all} place={place} onSaved={() => void query.refetch()} />}
      </Loaded>
    </Screen>
  )
}

function WeightForm({ all, place, onSaved }: { all: All; place: string; onSaved: () => void }) {
  const draft = useDraft<Typed>(`weights:${place}`, typedOf(all.own))
  const weights = weightsOf(draft.value)
  const sum = weights.reduce((total, { weight }) => total + weight, 0)
  const inherited = !all.own.length && all.effective.length > 0
  async function put(own: Weight[]): Promise<void> {
    const body = { version: all.version, weights: own }
    await data(PUT('/api/v1/settings/weights', { params: { query: { place_id: place } }, body })).catch(
      (error: unknown) => {
        if (problemOf(error).status === 409) onSaved() // somebody was faster: theirs is the version now
        throw error
      },
    )
    draft.set(typedOf(own))
    draft.clear()
    say(own.length ? text().saved : text().removed)
    onSaved()
  }
  return (
    <div className="card form narrow">
      <p className="note soon">{all.rule}</p>
      {inherited && (
        <p className="note">
          {fill(text().inherited, {
            weights: all.effective.map(({ rate, weight }) => `${words().rates[rate]} ${weight}%`).join('、'),
          })}
        </p>
      )}
      {RATES.map((rate) => (
        <label key={rate} className="form-field">
          <span className="label">{words().rates[rate]}（%）</span>
          <input
            className="field"
            type="number"
            min={0}
            max={WHOLE}
            value={draft.value[rate]}
            onChange={(event) => draft.set({ ...draft.value, [rate]: event.target.value })}
          />
        </label>
      ))}
      <p role="status" className={sum && sum !== WHOLE ? 'bad' : 'muted'}>
        {sum === WHOLE ? text().whole : fill(text().sum, { n: sum, left: WHOLE - sum })}
      </p>
      <div className="buttons">
        <Confirm words={wordsOf('common').save} tone="main" run={() => put(weights)} />
        {all.own.length > 0 && <Confirm words={text().none} ask={text().askNone} run={() => put([])} />}
      </div>
    </div>
  )
}
