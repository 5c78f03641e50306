// One post on one day: what is planned, and the form that plans another shift; the times are those typed last.
import { type FormEvent, useId, useState } from 'react'
import { formatDay } from '@mini/domain/dates'
import { messageOf } from '@mini/domain/errorMessage'
import { fill, wordsOf } from '@mini/i18n/index'
import { cancelShift, planShift } from '@mini/services/duty'
import type { RosterPost, Shift } from '@mini/services/shapes'
import { Confirm } from '../../kit/Confirm'
import { Drawer } from '../../kit/Drawer'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { Swap } from './Swap'
import { cellId, momentsOf, spanOf } from './week'

const usual = { from: '18:00', until: '08:00' } // of this window, until other times are sent

interface Props {
  post: RosterPost
  day: string
  today: string
  shifts: readonly Shift[]
  colleagues: readonly RosterPost[]
  onChange: () => Promise<unknown>
  onClose: () => void
}

export function Cell({ post, day, today, shifts, colleagues, onChange, onClose }: Props) {
  const text = words().roster
  const who = [post.title, post.name].filter(Boolean).join(' ')
  return (
    <Drawer title={`${who} · ${formatDay(day)}`} about={cellId(post.post_id, day)} onClose={onClose}>
      <p className="muted">{post.unit.label}</p>
      {shifts.length > 0 && (
        <ul className="plain-list">
          {shifts.map((shift) => (
            <li key={shift.id}>
              <p>
                <span className="strong ltr">{spanOf(shift)}</span>{' '}
                {shift.skill && fill(text.only, { skill: shift.skill.name })}
              </p>
              <Swap key={shift.swap?.post_id} shift={shift} colleagues={colleagues} onChange={onChange} />
              {shift.actions.includes('cancel') && (
                <Confirm
                  words={text.cancel}
                  ask={text.askCancel}
                  run={async () => {
                    await cancelShift(shift.id)
                    say(text.cancelled)
                    await onChange()
                  }}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {post.plans && day >= today ? (
        <Plan key={cellId(post.post_id, day)} post={post} day={day} onDone={onChange} />
      ) : (
        !shifts.length && <p className="muted">{text.none}</p>
      )}
    </Drawer>
  )
}

function Plan({ post, day, onDone }: { post: RosterPost; day: string; onDone: () => Promise<unknown> }) {
  const text = words().roster
  const id = useId()
  const [times, setTimes] = useState({ ...usual })
  const [skill, setSkill] = useState('')
  const [wrong, setWrong] = useState('')
  const [isBusy, setBusy] = useState(false)
  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    if (!times.from || !times.until) return setWrong(wordsOf('common').required)
    setBusy(true)
    setWrong('')
    try {
      await planShift(post.post_id, momentsOf(day, times.from, times.until), skill)
      Object.assign(usual, times)
      say(text.planned)
      await onDone()
      // Back to the table: the next cell is an arrow away.
      document.querySelector<HTMLElement>(`[data-cell="${cellId(post.post_id, day)}"]`)?.focus()
    } catch (error) {
      setWrong(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  const isNextDay = times.until <= times.from
  return (
    // With `data-id` the drawer leaves the focus where it is: in the first field.
    <form className="form" data-id={post.post_id} onSubmit={(event) => void send(event)} noValidate>
      <h3>{text.plan}</h3>
      <div className="row wrap">
        {(['from', 'until'] as const).map((name, n) => (
          <label key={name} className="form-field">
            <span className="label">
              {text[name]} {name === 'until' && isNextDay && text.nextDay}
            </span>
            <input
              className="field"
              type="time"
              value={times[name]}
              autoFocus={n === 0}
              aria-invalid={Boolean(wrong)}
              aria-describedby={wrong ? `${id}-wrong` : undefined}
              onChange={(event) => setTimes({ ...times, [name]: event.target.value })}
            />
          </label>
        ))}
        <label className="form-field">
          <span className="label">{text.skill}</span>
          <select className="field" value={skill} onChange={(event) => setSkill(event.target.value)}>
            <option value="">{text.anything}</option>
            {Object.entries(words().skills).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {wrong && (
        <p className="note late" role="alert" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
      <div className="buttons">
        <button className="btn main" aria-disabled={isBusy}>
          {text.save}
        </button>
      </div>
    </form>
  )
}
