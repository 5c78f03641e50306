// An office's own holidays and workdays, beside those of the whole country.
import { useQuery } from '@tanstack/react-query'
import { formatDay } from '@mini/domain/dates'
import { wordsOf } from '@mini/i18n/index'
import type { Calendar as CalendarShape, OwnDays } from '@mini/services/shapes'
import { getCalendar, putCalendar } from '@mini/services/settings'
import { useDraft } from '../../drafts'
import { Loaded } from '../../kit/Message'
import { Office } from '../../kit/Office'
import { Preview } from '../../kit/Preview'
import { Rows } from '../../kit/Rows'
import { Screen } from '../../kit/Screen'
import { words } from '../../words'

interface DraftDays {
  first: string
  last: string
  kind: string
  name: string
}

interface OfPlace {
  place: string
  picker: React.ReactNode
}

export function Calendar() {
  return (
    <Office screen="calendar">
      {(place, picker) => <CalendarOf key={place} place={place} picker={picker} />}
    </Office>
  )
}

function CalendarOf({ place, picker }: OfPlace) {
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
