// After how many days an opinion without an answer is overdue (意见期限): an office's own, or the street's or the usual one.
import { useQuery } from '@tanstack/react-query'
import { fill, wordsOf } from '@mini/i18n/index'
import { problemOf } from '@mini/platform/problem'
import type { components } from '@mini/services/api'
import { listAll } from '@mini/services/pages'
import { getPlace, listChildren } from '@mini/services/places'
import { data, GET, PUT } from '../../api'
import { useDraft } from '../../drafts'
import { Confirm } from '../../kit/Confirm'
import { Loaded } from '../../kit/Message'
import { Office } from '../../kit/Office'
import { Screen } from '../../kit/Screen'
import { say } from '../../kit/Toast'
import type { Opinion } from '../../subjects'
import { words } from '../../words'

type Limit = components['schemas']['OpinionLimitOut']

const LEAST = 1
const MOST = 180 // days
const DAY = 24 * 3600_000
const text = () => words().opinionLimit

const getLimit = (place_id: string): Promise<Limit> =>
  data(GET('/api/v1/settings/opinions', { params: { query: { place_id } } }))

/** The opinions without an answer that a change would move: not those of a community with a limit of its own. */
async function openOnes(place: string): Promise<Opinion[]> {
  const { level } = await getPlace(place)
  const below = level === 'street' ? (await listChildren(place)).map(({ id }) => id) : []
  const own = await Promise.all(below.map(async (id) => (await getLimit(id)).own !== null))
  const moved = level === 'street' ? below.filter((_, n) => !own[n]) : [place]
  const found = await Promise.all(
    moved.map((place_id) => listAll<Opinion>('/opinions', { status: ['open'], place_id })),
  )
  return found.flat()
}

export function OpinionLimit() {
  return (
    <Office screen="opinion-limit">
      {(place, picker) => <OfPlace key={place} place={place} picker={picker} />}
    </Office>
  )
}

function OfPlace({ place, picker }: { place: string; picker: React.ReactNode }) {
  const query = useQuery({ queryKey: ['opinion-limit', place], queryFn: () => getLimit(place) })
  return (
    <Screen title={words().screens['opinion-limit']} lead={text().lead} actions={picker}>
      <Loaded query={query}>
        {(limit) => <LimitForm limit={limit} place={place} onSaved={() => void query.refetch()} />}
      </Loaded>
    </Screen>
  )
}

function LimitForm({ limit, place, onSaved }: { limit: Limit; place: string; onSaved: () => void }) {
  const open = useQuery({ queryKey: ['open-opinions', place], queryFn: () => openOnes(place) })
  const draft = useDraft(`opinion-limit:${place}`, String(limit.own ?? ''))
  const days = draft.value.trim() === '' ? limit.default : Number(draft.value)
  const isRight = Number.isInteger(days) && days >= LEAST && days <= MOST
  async function put(own: number | null): Promise<void> {
    const body = { version: limit.version, days: own }
    await data(PUT('/api/v1/settings/opinions', { params: { query: { place_id: place } }, body })).catch(
      (error: unknown) => {
        if (problemOf(error).status === 409) onSaved() // somebody was faster: theirs is the version now
        throw error
      },
    )
    draft.set(String(own ?? ''))
    draft.clear()
    say(own === null ? fill(text().back, { n: limit.default }) : text().saved)
    onSaved()
  }
  return (
    <div className="card form narrow">
      <label className="form-field">
        <span className="label">{text().days}</span>
        <input
          className="field"
          type="number"
          min={LEAST}
          max={MOST}
          value={draft.value}
          placeholder={String(limit.default)}
          aria-invalid={!isRight}
          aria-describedby="opinion-limit-effect"
          onChange={(event) => draft.set(event.target.value)}
        />
      </label>
      <p className="muted">{fill(text().without, { n: limit.default })}</p>
      <p role="status" id="opinion-limit-effect" className={isRight ? 'note' : 'note late'}>
        {isRight ? open.data && effectOf(open.data, days) : fill(text().wrong, { least: LEAST, most: MOST })}
      </p>
      <div className="buttons">
        <Confirm
          words={wordsOf('common').save}
          tone="main"
          run={async () => isRight && put(draft.value.trim() === '' ? null : days)}
        />
        {limit.own !== null && (
          <Confirm words={fill(text().reset, { n: limit.default })} run={() => put(null)} />
        )}
      </div>
    </div>
  )
}

/** What the limit would do to those that wait now. */
function effectOf(open: readonly Opinion[], days: number): string {
  const overdue = open.filter(({ created_at }) => Date.parse(created_at) + days * DAY <= Date.now()).length
  return fill(overdue ? text().effect : text().noEffect, { open: open.length, days, overdue })
}
