// What a room is already used for on the day that a new activity is planned for.
import { useQuery } from '@tanstack/react-query'
import { dayOfMoment } from '@mini/domain/time'
import type { ActionValues } from '@mini/domain/types'
import { type Activity, listSubjects } from '../../subjects'
import { words } from '../../words'
import { whenOf } from './when'

const COMING = { status: 'draft,published,started' }
const MOST = 100

export function Taken({ values }: { values: ActionValues }) {
  const { venue, starts_at } = values
  const { data } = useQuery({
    queryKey: ['activities', 'coming'],
    queryFn: () => listSubjects<Activity>('activities', COMING, null, MOST),
    enabled: Boolean(venue && starts_at),
  })
  const day = typeof starts_at === 'string' && starts_at ? dayOfMoment(starts_at) : ''
  const taken = (data?.items ?? []).filter(
    (each) => each.venue === venue && dayOfMoment(each.starts_at) === day,
  )
  return (
    <div aria-live="polite">
      {taken.length > 0 && (
        <div className="note soon">
          <div>
            <p className="strong">{words().activities.taken}</p>
            <ul className="plain-list">
              {taken.map((each) => (
                <li key={each.id}>
                  {whenOf(each)} · {each.title}
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </div>
  )
}
