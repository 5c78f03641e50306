// Who has agreed to a relationship and when; who has not yet.
import { formatTime } from '@mini/domain/time'
import type { Relationship } from '../../subjects'
import { words } from '../../words'

export function Sides({ relationship: { sides } }: { relationship: Pick<Relationship, 'sides'> }) {
  const text = words().sides
  return (
    <section aria-labelledby="sides-title">
      <h3 id="sides-title">{text.title}</h3>
      <ul className="plain-list">
        {sides.map(({ role, role_name, label, agreed_at, left_at }, n) => (
          <li key={n} className="row apart">
            <span>
              <span className="muted">{role_name}</span> {label}
            </span>
            <span className="muted small">
              {left_at
                ? `${formatTime(left_at)} ${text.left}`
                : agreed_at
                  ? `${formatTime(agreed_at)} ${text.agreed}`
                  : role !== 'studio' && text.waits}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
