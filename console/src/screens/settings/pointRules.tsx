// What pays points, and the day of the year on which those of the year before lapse (积分规则): said before it is saved.
import { useQuery } from '@tanstack/react-query'
import { addDays, formatDay, today } from '@mini/domain/dates'
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

type Rules = components['schemas']['PointsOut']

const text = () => words().pointRules
const two = (n: number): string => String(n).padStart(2, '0')

export function PointRules() {
  return (
    <Office screen="point-rules">
      {(place, picker) => <OfPlace key={place} place={place} picker={picker} />}
    </Office>
  )
}

function OfPlace({ place, picker }: { place: string; picker: React.ReactNode }) {
  const query = useQuery({
    queryKey: ['point-rules', place],
    queryFn: () => data(GET('/api/v1/settings/points', { params: { query: { place_id: place } } })),
  })
  return (
    <Screen title={words().screens['point-rules']} lead={text().lead} actions={picker}>
      <Loaded query={query}>
        {(rules) => (
          <>
            <Awards awards={rules.awards} />
            <LapseForm rules={rules} place={place} onSaved={() => void query.refetch()} />
          </>
        )}
      </Loaded>
    </Screen>
  )
}

function Awards({ awards }: Pick<Rules, 'awards'>) {
  return (
    <div className="table-frame" tabIndex={-1}>
      <table className="table">
        <caption className="hidden">{words().screens['point-rules']}</caption>
        <thead>
          <tr>
            {[text().what, text().of, text().each, text().month].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {awards.map(({ rule, rule_name, of, amount, by_hour, month }) => (
            <tr key={rule}>
              <td>{rule_name}</td>
              <td>{of.join('、')}</td>
              <td>{fill(by_hour ? text().anHour : text().aTime, { n: amount })}</td>
              <td>{month}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function LapseForm({ rules, place, onSaved }: { rules: Rules; place: string; onSaved: () => void }) {
  const draft = useDraft(`point-rules:${place}`, rules.own ?? '')
  const day = draft.value || rules.default
  async function put(own: string | null): Promise<void> {
    const body = { version: rules.version, lapse: own }
    await data(PUT('/api/v1/settings/points', { params: { query: { place_id: place } }, body })).catch(
      (error: unknown) => {
        if (problemOf(error).status === 409) onSaved() // somebody was faster: theirs is the version now
        throw error
      },
    )
    draft.set(own ?? '')
    draft.clear()
    say(text().saved)
    onSaved()
  }
  return (
    <div className="card form narrow">
      <MonthDay value={draft.value} set={draft.set} />
      <p className="muted">{rules.default ? fill(text().without, { day: rules.default }) : text().never}</p>
      <p role="status" id="lapse-effect" className="note">
        {day ? effectOf(rules, day) : text().noEffect}
      </p>
      <div className="buttons">
        <Confirm words={wordsOf('common').save} tone="main" run={() => put(draft.value || null)} />
        {rules.own !== null && <Confirm words={text().reset} run={() => put(null)} />}
      </div>
    </div>
  )
}

const MONTHS = Array.from({ length: 12 }, (_, n) => two(n + 1))
const IN_EVERY: ReadonlySet<string> = new Set(Array.from({ length: 28 }, (_, n) => two(n + 1))) // days of every month
const YEAR = 2025 // no leap year: the day is there in every year

/** A day of the year: a month, and a day of it; empty, it is none. */
function MonthDay({ value, set }: { value: string; set: (day: string) => void }) {
  const [month = '', day = ''] = value.split('-')
  const last = month ? new Date(Date.UTC(YEAR, Number(month), 0)).getUTCDate() : 0
  const days = Array.from({ length: last }, (_, n) => two(n + 1))
  return (
    <div className="form-field" role="group" aria-labelledby="lapse-day">
      <span className="label" id="lapse-day">
        {text().day}
      </span>
      <span className="row">
        <select
          className="field"
          aria-label={text().monthOf}
          aria-describedby="lapse-effect"
          value={month}
          onChange={(event) =>
            set(event.target.value && `${event.target.value}-${IN_EVERY.has(day) ? day : '01'}`)
          }
        >
          <option value="">{words().subjects.none}</option>
          {MONTHS.map((each) => (
            <option key={each} value={each}>
              {fill(text().nthMonth, { n: Number(each) })}
            </option>
          ))}
        </select>
        {month && (
          <select
            className="field"
            aria-label={text().dayOf}
            aria-describedby="lapse-effect"
            value={day}
            onChange={(event) => set(`${month}-${event.target.value}`)}
          >
            {days.map((each) => (
              <option key={each} value={each}>
                {fill(text().nthDay, { n: Number(each) })}
              </option>
            ))}
          </select>
        )}
      </span>
    </div>
  )
}

/** What lapses next, and when; its owners are told before, so that it is never sooner than they can be. */
function effectOf({ left, notice_days }: Rules, day: string): string {
  const now = today()
  const year = Number(now.slice(0, 4))
  const isToCome = `${year}-${day}` >= now
  const next = `${isToCome ? year : year + 1}-${day}`
  const told = addDays(now, notice_days)
  const lapsing = left.find((each) => each.year === (isToCome ? year - 1 : year))
  return fill(text().effect, {
    at: formatDay(next > told ? next : told),
    year: lapsing?.year ?? '',
    accounts: lapsing?.accounts ?? 0,
    points: lapsing?.points ?? 0,
    days: notice_days,
  })
}
