// The minutes of an activity: the version that holds, and those before it.
import { formatTime } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import type { Activity } from '../../subjects'
import { words } from '../../words'
import { useEvents } from '../subjects/SubjectDrawer'

const WRITTEN: ReadonlySet<string> = new Set(['activity.minutes', 'activity.closed'])

export function Minutes({ activity }: { activity: Activity }) {
  const events = useEvents('activities', activity)
  const text = words().activities
  if (!activity.result) return null
  if (activity.status === 'cancelled')
    return (
      <section aria-labelledby="minutes-title">
        <h3 id="minutes-title">{text.why}</h3>
        <p className="break">{activity.result}</p>
      </section>
    )
  const versions = (events.data ?? []).filter(({ type, text: said }) => WRITTEN.has(type) && said)
  const older = versions.slice(0, -1).map((event, n) => ({ ...event, n: n + 1 }))
  return (
    <section aria-labelledby="minutes-title">
      <h3 id="minutes-title">
        {text.minutes}{' '}
        {versions.length > 1 && (
          <span className="muted small">{fill(text.version, { n: versions.length })}</span>
        )}
      </h3>
      <p className="break">{activity.result}</p>
      {older.length > 0 && (
        <details>
          <summary>{text.older}</summary>
          <ol className="timeline" reversed>
            {older.reverse().map(({ seq, n, text: said, actor, at }) => (
              <li key={seq}>
                <p className="break">{said}</p>
                <p className="muted small">
                  {fill(text.version, { n })} · {actor.label} · {formatTime(at)}
                </p>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}
