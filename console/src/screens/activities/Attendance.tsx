// Who signed up, waits or came: ticked by hand, as fast as a paper list. The head count is shown apart.
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fill } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { problemOf } from '@mini/platform/problem'
import { Problem } from '../../kit/Message'
import { say } from '../../kit/Toast'
import {
  type Activity,
  actOnSubject,
  type Attendance as Person,
  getSubject,
  listAttendance,
} from '../../subjects'
import { words } from '../../words'
import { FindName, step } from './FindName'

interface Props {
  activity: Activity
  onChange: (fresh: Activity) => void
}

type Act = 'check_in' | 'confirm'
/** From which states a tick leads on. */
const FROM: Readonly<Record<Act, readonly string[]>> = {
  check_in: ['signed_up', 'waiting'],
  confirm: ['came'],
}
const MOST = 100 // people in one act

export function Attendance({ activity, onChange }: Props) {
  const client = useQueryClient()
  const text = words().activities
  const [ticked, setTicked] = useState<readonly string[]>([])
  const [hours, setHours] = useState('')
  const queryKey = ['attendance', activity.id]
  const query = useInfiniteQuery({
    queryKey: [...queryKey, activity.signed_up, activity.waiting],
    queryFn: ({ pageParam }) => listAttendance(activity.id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? null,
    enabled: ['published', 'started', 'closed'].includes(activity.status),
  })
  const people = query.data?.pages.flatMap(({ items }) => items) ?? []
  const tick = useMutation({
    mutationFn: async (action: Act) => {
      const chosen = meant(people, ticked, action)
      const body = {
        version: activity.version,
        people: chosen,
        ...(action === 'confirm' && hours ? { hours: Number(hours) } : {}),
      }
      return actOnSubject<Activity>('activities', activity.id, action, body, newKey())
    },
    onSuccess: (fresh, action) => {
      setTicked([])
      say(fill(words().subjects.done, { act: words().activityActs[action] }))
      onChange(fresh)
    },
    onError: async (error) => {
      if (problemOf(error).status === 409) onChange(await getSubject<Activity>('activities', activity.id))
    },
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  if (!query.data) return null
  const acts = (['check_in', 'confirm'] as const).filter((action) => activity.actions.includes(action))
  const turn = (id: string): void =>
    setTicked(ticked.includes(id) ? ticked.filter((each) => each !== id) : [...ticked, id])
  const all = acts.length ? people.filter(({ status }) => acts.some((act) => FROM[act].includes(status))) : []
  return (
    <section aria-labelledby="attendance-title" className="attendance">
      <h3 id="attendance-title">
        {text.attendance}{' '}
        {all.length > 0 && (
          <span className="muted small">{fill(text.tickedOf, { n: ticked.length, most: all.length })}</span>
        )}
      </h3>
      {!people.length && <p className="muted">{text.attendanceEmpty}</p>}
      {all.length > 1 && (
        <label className="check">
          <input
            type="checkbox"
            checked={all.every(({ person_id }) => ticked.includes(person_id))}
            onChange={() => setTicked(ticked.length ? [] : all.map(({ person_id }) => person_id))}
          />
          {words().list.selectAll}
        </label>
      )}
      {all.length > 1 && <FindName people={all} ticked={ticked} turn={turn} />}
      <ul className="plain-list" onKeyDown={step}>
        {people.map((person) => (
          <li key={person.person_id} className="row apart">
            {all.includes(person) ? (
              <label className="check">
                <input
                  type="checkbox"
                  checked={ticked.includes(person.person_id)}
                  onChange={() => turn(person.person_id)}
                />
                {person.name ?? text.unnamed}
              </label>
            ) : (
              <span>{person.name ?? text.unnamed}</span>
            )}
            <span className="muted">{stateOf(person)}</span>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <button type="button" className="btn plain small" onClick={() => void query.fetchNextPage()}>
          {text.more}
        </button>
      )}
      {all.length > 0 && (
        <div className="buttons">
          {acts.map((action) => {
            const n = meant(people, ticked, action).length
            return (
              <button
                key={action}
                type="button"
                className="btn main small"
                disabled={!n || tick.isPending}
                onClick={() => tick.mutate(action)}
              >
                {fill(action === 'confirm' ? text.confirm : text.came, { n })}
              </button>
            )
          })}
          {acts.includes('confirm') && (
            <label className="row">
              <span className="muted small">{text.hours}</span>
              <input
                type="number"
                className="field"
                min={0}
                max={24}
                step={0.5}
                value={hours}
                onChange={(event) => setHours(event.target.value)}
              />
            </label>
          )}
        </div>
      )}
      <Problem error={tick.error} />
    </section>
  )
}

/** Those of the ticked whom an act is for. */
const meant = (people: readonly Person[], ticked: readonly string[], action: Act): string[] =>
  people
    .filter(({ person_id, status }) => ticked.includes(person_id) && FROM[action].includes(status))
    .slice(0, MOST)
    .map(({ person_id }) => person_id)

const stateOf = ({ status_name, hours }: Person): string =>
  [status_name, hours !== null && fill(words().activities.hoursOf, { n: hours })].filter(Boolean).join(' · ')
