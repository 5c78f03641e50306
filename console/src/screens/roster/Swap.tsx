// Swapping a shift (换班): one's own is given to a colleague, perhaps for one of theirs; what one is asked for is taken or not.
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { addDays, formatDay, today } from '@mini/domain/dates'
import { messageOf } from '@mini/domain/errorMessage'
import { dayOfMoment } from '@mini/domain/time'
import { fill } from '@mini/i18n/index'
import { askForShift, endSwap, listShifts, takeShift } from '@mini/services/duty'
import type { RosterPost, Shift } from '@mini/services/shapes'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { midnightOf, spanOf } from './week'

const AHEAD = 28 // days of which shifts can be had in return

interface Props {
  shift: Shift
  colleagues: readonly RosterPost[] // of its unit
  onChange: () => Promise<unknown>
}

const nameOf = ({ title, name }: { title: string; name: string | null }): string =>
  [title, name].filter(Boolean).join(' ')
const whenOf = (shift: Shift): string => `${formatDay(dayOfMoment(shift.starts_at))} ${spanOf(shift)}`

export function Swap({ shift, colleagues, onChange }: Props) {
  const text = words().roster
  const [wrong, setWrong] = useState('')
  const { actions, swap, mine } = shift
  const theirs = useQuery({
    queryKey: ['roster-swaps', shift.unit.id],
    queryFn: () => listShifts({ place_id: shift.unit.id, until: midnightOf(addDays(today(), AHEAD)) }),
    enabled: actions.includes('ask') || Boolean(swap?.for_id),
  })
  async function act(send: () => Promise<unknown>, said: string): Promise<void> {
    setWrong('')
    try {
      await send()
      say(said)
    } catch (error) {
      setWrong(messageOf(error))
    }
    await onChange()
  }
  const inReturn = theirs.data?.find(({ id }) => id === swap?.for_id)
  return (
    <>
      {swap && (
        <p className="note soon">
          {fill(mine || !actions.includes('accept') ? text.asked : text.asksYou, {
            who: nameOf(actions.includes('accept') ? shift.post : swap),
          })}
          {inReturn && `；${fill(text.forTheirs, { when: whenOf(inReturn) })}`}
        </p>
      )}
      {wrong && (
        <p className="note late" role="alert">
          {wrong}
        </p>
      )}
      <div className="buttons">
        {actions.includes('accept') && (
          <button
            type="button"
            className="btn main small"
            onClick={() => void act(() => takeShift(shift.id), text.taken)}
          >
            {text.take}
          </button>
        )}
        {actions.includes('decline') && (
          <button
            type="button"
            className="btn plain small"
            onClick={() => void act(() => endSwap(shift.id), mine ? text.back : text.kept)}
          >
            {mine ? text.takeBack : text.decline}
          </button>
        )}
      </div>
      {actions.includes('ask') && colleagues.length > 0 && (
        <Ask
          colleagues={colleagues}
          shifts={theirs.data ?? []}
          send={(post, other) =>
            act(() => askForShift(shift.id, post.post_id, other), fill(text.asked, { who: nameOf(post) }))
          }
        />
      )}
    </>
  )
}

interface AskProps {
  colleagues: readonly RosterPost[]
  shifts: readonly Shift[]
  send: (post: RosterPost, inReturn: string) => Promise<void>
}

function Ask({ colleagues, shifts, send }: AskProps) {
  const text = words().roster
  const [post, setPost] = useState(colleagues[0]!.post_id)
  const [other, setOther] = useState('')
  const now = new Date().toISOString()
  const inSwap = new Set(shifts.map(({ swap }) => swap?.for_id))
  const theirs = shifts.filter(
    ({ id, post: { post_id }, starts_at, swap }) =>
      post_id === post && starts_at > now && !swap && !inSwap.has(id),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void send(
      colleagues.find(({ post_id }) => post_id === post)!,
      other,
    )
  }
  return (
    <form className="form" data-id={post} onSubmit={submit}>
      <div className="row wrap">
        <label className="form-field">
          <span className="label">{text.whom}</span>
          <select
            className="field"
            value={post}
            onChange={(event) => {
              setPost(event.target.value)
              setOther('')
            }}
          >
            {colleagues.map((each) => (
              <option key={each.post_id} value={each.post_id}>
                {nameOf(each)}
              </option>
            ))}
          </select>
        </label>
        <label className="form-field">
          <span className="label">{text.inReturn}</span>
          <select className="field" value={other} onChange={(event) => setOther(event.target.value)}>
            <option value="">{text.noReturn}</option>
            {theirs.map((each) => (
              <option key={each.id} value={each.id}>
                {whenOf(each)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="buttons">
        <button className="btn plain small">{text.ask}</button>
      </div>
    </form>
  )
}
