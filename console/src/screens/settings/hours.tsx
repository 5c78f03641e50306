// An office's own working hours.
import { useQuery } from '@tanstack/react-query'
import { fill, labelOf, wordsOf } from '@mini/i18n/index'
import type { OfficeHours } from '@mini/services/shapes'
import { getOfficeHours, putLimits, type SaveMode } from '@mini/services/settings'
import { data, PUT } from '../../api'
import { useDraft } from '../../drafts'
import { Loaded } from '../../kit/Message'
import { Office } from '../../kit/Office'
import { Preview } from '../../kit/Preview'
import { Rows } from '../../kit/Rows'
import { Screen } from '../../kit/Screen'
import { words } from '../../words'

interface OfPlace {
  place: string
  picker: React.ReactNode
}

export function Hours() {
  return (
    <Office screen="hours">{(place, picker) => <HoursOf key={place} place={place} picker={picker} />}</Office>
  )
}

function HoursOf({ place, picker }: OfPlace) {
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
