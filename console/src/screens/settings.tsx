// An office's own limits, holidays and working hours, each previewed before it is saved.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { formatDay } from '@mini/domain/dates'
import { fill, labelOf, wordsOf } from '@mini/i18n/index'
import type {
  Calendar as CalendarShape,
  Limit,
  Limits as LimitsShape,
  OfficeHours,
  OwnDays,
} from '@mini/services/shapes'
import {
  getCalendar,
  getLimits,
  getOfficeHours,
  putCalendar,
  putLimits,
  type SaveMode,
} from '@mini/services/settings'
import { data, PUT } from '../api'
import type { ScreenProps } from '../app'
import { useDraft } from '../drafts'
import type { Column } from '../kit/columns'
import { DataTable } from '../kit/DataTable'
import { Drawer } from '../kit/Drawer'
import { Loaded } from '../kit/Message'
import { Office } from '../kit/Office'
import { Preview } from '../kit/Preview'
import { Rows } from '../kit/Rows'
import { Screen } from '../kit/Screen'
import { words } from '../words'

const NAMES = ['accept', 'acknowledge', 'resolve'] as const
const own = (item: Limit, name: (typeof NAMES)[number]): boolean => item.own.includes(`${name}_minutes`)

function LimitCell({ item, name }: { item: Limit; name: (typeof NAMES)[number] }) {
  const text = wordsOf('settings')
  const clock = item.effective[`clock_${name}`]
  return (
    <>
      {fill(text.minutes, { n: item.effective[`${name}_minutes`] })}
      <span className="muted small"> {clock === 'working' ? text.working : text.around}</span>
      {own(item, name) && <span className="tag info">{text.own}</span>}
    </>
  )
}

const LIMIT_COLUMNS: readonly Column<Limit>[] = [
  { name: 'what', words: () => words().columns.what, cell: ({ zh }) => zh },
  { name: 'level', words: () => words().columns.kind, cell: ({ level }) => level },
  ...NAMES.map((name) => ({
    name,
    words: () => wordsOf('settings')[name],
    cell: (item: Limit) => <LimitCell item={item} name={name} />,
  })),
]

export function Limits({ id }: ScreenProps) {
  return (
    <Office screen={id ? `limits/${id}` : 'limits'}>
      {(place, picker) => <LimitTable key={place} place={place} picker={picker} opened={id} />}
    </Office>
  )
}

interface TableProps {
  place: string
  picker: React.ReactNode
  opened: string | undefined
}

function LimitTable({ place, picker, opened }: TableProps) {
  const query = useQuery({ queryKey: ['limits', place], queryFn: () => getLimits(place) })
  const [, navigate] = useLocation()
  const search = `?place_id=${place}`
  return (
    <Screen title={words().screens.limits} lead={words().office.previewFirst} actions={picker}>
      <Loaded query={query}>
        {(limits) => {
          const item = limits.items.find(({ code }) => code === opened)
          return (
            <div className={item ? 'split' : 'whole'}>
              <DataTable
                caption={words().screens.limits}
                columns={LIMIT_COLUMNS}
                rows={limits.items}
                id={({ code }) => code}
                label={({ zh }) => zh}
                opened={opened}
                hrefOf={(code) => `/limits/${code}${search}`}
              />
              {item && (
                <LimitDrawer
                  key={`${item.code}:${limits.version}`}
                  limits={limits}
                  item={item}
                  place={place}
                  onSaved={() => void query.refetch()}
                  onClose={() => navigate(`/limits${search}`)}
                />
              )}
            </div>
          )
        }}
      </Loaded>
    </Screen>
  )
}

interface LimitProps {
  limits: LimitsShape
  item: Limit
  place: string
  onSaved: () => void
  onClose: () => void
}

function LimitDrawer({ limits, item, place, onSaved, onClose }: LimitProps) {
  const text = wordsOf('settings')
  const initial = Object.fromEntries(NAMES.map((name) => [name, String(item.effective[`${name}_minutes`])]))
  const draft = useDraft<Record<string, string>>(`limit:${place}:${item.code}`, initial)
  const [wrong, setWrong] = useState(false)
  const put = (mode: SaveMode) => {
    const minutes = NAMES.map((name) => [name, Number(draft.value[name])] as const)
    const isWrong = minutes.some(([, n]) => !Number.isInteger(n) || n < 1)
    setWrong(isWrong)
    if (isWrong) return Promise.reject(new Error(text.number))
    const changed = minutes.filter(([name, n]) => own(item, name) || n !== item.effective[`${name}_minutes`])
    const mine = limits.own.find(({ code }) => code === item.code)
    const figures = Object.fromEntries(changed.map(([name, n]) => [`${name}_minutes`, n]))
    const rest = limits.own.filter(({ code }) => code !== item.code)
    return putLimits(place, limits.version, [...rest, { ...mine, code: item.code, ...figures }], mode)
  }
  return (
    <Drawer title={`${text.edit} · ${item.zh}`} about={item.code} onClose={onClose}>
      {NAMES.map((name) => (
        <label key={name} className="form-field">
          <span className="label">
            {text[name]}（{text.minute} ·{' '}
            {item.effective[`clock_${name}`] === 'working' ? text.working : text.around}）
          </span>
          <input
            className="field"
            type="number"
            min={1}
            value={draft.value[name]}
            aria-invalid={wrong}
            onChange={(event) => draft.set({ ...draft.value, [name]: event.target.value })}
          />
        </label>
      ))}
      <Preview
        about={JSON.stringify(draft.value)}
        put={put}
        onSaved={() => {
          draft.clear()
          onSaved()
        }}
      />
    </Drawer>
  )
}

interface DraftDays {
  first: string
  last: string
  kind: string
  name: string
}

export function Calendar() {
  return (
    <Office screen="calendar">
      {(place, picker) => <CalendarOf key={place} place={place} picker={picker} />}
    </Office>
  )
}

function CalendarOf({ place, picker }: Omit<TableProps, 'opened'>) {
  const query = useQuery({ queryKey: ['calendar', place], queryFn: () => getCalendar(place) })
  return (
    <Screen title={words().screens.calendar} lead={words().office.previewFirst} actions={picker}>
      <Loaded query={query}>
        {(calendar) => (
          <div className="columns-2">
            <OwnCalendar
              key={calendar.version}
              calendar={calendar}
              place={place}
              onSaved={() => void query.refetch()}
            />
            <National calendar={calendar} />
          </div>
        )}
      </Loaded>
    </Screen>
  )
}

function OwnCalendar({
  calendar,
  place,
  onSaved,
}: {
  calendar: CalendarShape
  place: string
  onSaved: () => void
}) {
  const text = wordsOf('settings')
  const initial = calendar.own.map(({ first, last, kind, name }) => ({ first, last: last ?? '', kind, name }))
  const draft = useDraft<DraftDays[]>(`calendar:${place}`, initial)
  const days = draft.value.map((day, n) => ({
    ...day,
    last: day.last || null,
    source: calendar.own[n]?.source ?? null,
  })) as OwnDays[]
  return (
    <div className="card form">
      <Rows
        label={text.ofOwn}
        rows={draft.value}
        set={draft.set}
        fresh={{ first: '', last: '', kind: 'workday', name: '' }}
        fields={[
          { name: 'first', words: words().office.from, type: 'date' },
          { name: 'last', words: words().office.until, type: 'date' },
          {
            name: 'kind',
            words: words().columns.kind,
            choices: { holiday: text.holiday, workday: text.makeup },
          },
          { name: 'name', words: text.name, hint: text.nameHint },
        ]}
      />
      <Preview
        about={JSON.stringify(days)}
        put={(mode) => putCalendar(place, calendar.version, days, mode)}
        onSaved={() => {
          draft.clear()
          onSaved()
        }}
      />
    </div>
  )
}

function National({ calendar }: { calendar: CalendarShape }) {
  const text = wordsOf('settings')
  return (
    <div className="card">
      <h2>{words().office.years}</h2>
      {calendar.years.map(({ year, text: about }) => (
        <p key={year} className="muted small">
          {about}
        </p>
      ))}
      <ul className="plain-list">
        {calendar.days.map(({ date, kind, name, of }) => (
          <li key={date}>
            {formatDay(date)} · {kind === 'holiday' ? text.holiday : text.makeup} · {name}
            {of === 'own' && <span className="tag info">{text.own}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}

export function Hours() {
  return (
    <Office screen="hours">{(place, picker) => <HoursOf key={place} place={place} picker={picker} />}</Office>
  )
}

function HoursOf({ place, picker }: Omit<TableProps, 'opened'>) {
  const query = useQuery({ queryKey: ['hours', place], queryFn: () => getOfficeHours(place) })
  return (
    <Screen title={words().screens.hours} lead={words().office.previewFirst} actions={picker}>
      <Loaded query={query}>
        {(hours) => (
          <HoursForm key={hours.version} hours={hours} place={place} onSaved={() => void query.refetch()} />
        )}
      </Loaded>
    </Screen>
  )
}

function HoursForm({ hours, place, onSaved }: { hours: OfficeHours; place: string; onSaved: () => void }) {
  const text = wordsOf('settings')
  const draft = useDraft(`hours:${place}`, hours.frames)
  const put = (mode: SaveMode) =>
    data(
      PUT('/api/v1/settings/frames', {
        params: { query: { place_id: place, [mode]: true } },
        body: { version: hours.version, frames: draft.value },
      }),
    ) as ReturnType<typeof putLimits>
  return (
    <div className="card form narrow">
      <p className="muted">
        {fill(text.perDay, { n: hours.minutes_a_day })} {!hours.own.length && text.defaultFrames}
      </p>
      <Rows
        label={labelOf('settings', 'frames')}
        rows={draft.value}
        set={draft.set}
        fresh={{ start: '', end: '' }}
        fields={[
          { name: 'start', words: words().office.from, type: 'time' },
          { name: 'end', words: words().office.until, type: 'time' },
        ]}
      />
      <Preview
        about={JSON.stringify(draft.value)}
        put={put}
        onSaved={() => {
          draft.clear()
          onSaved()
        }}
      />
    </div>
  )
}
