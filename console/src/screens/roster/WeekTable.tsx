// The week as a table, a post a row and a day a column. The arrows go from cell to cell, Enter opens one.
import { type KeyboardEvent, useRef, useState } from 'react'
import { Link } from 'wouter'
import { formatDay } from '@mini/domain/dates'
import { direction, fill, wordsOf } from '@mini/i18n/index'
import type { RosterPost, Shift } from '@mini/services/shapes'
import { words } from '../../words'
import { cellId, shiftsAt, spanOf, type UnitRows, weekdayOf } from './week'

interface Props {
  units: readonly UnitRows[]
  shifts: readonly Shift[]
  week: readonly string[]
  today: string
  opened: string | undefined
  hrefOf: (id: string) => string
}

export function WeekTable({ units, shifts, week, today, opened, hrefOf }: Props) {
  const text = words().roster
  const table = useRef<HTMLTableElement>(null)
  const posts = units.flatMap((unit) => unit.posts)
  const first = posts[0] && cellId(posts[0].post_id, week[0]!)
  const [at, setAt] = useState(opened ?? first)
  const stop = posts.some(({ post_id }) => at?.startsWith(post_id)) ? at : first // one cell is in the order of Tab
  const ids = posts.map(({ post_id }) => week.map((day) => cellId(post_id, day)))

  const press = (event: KeyboardEvent): void => {
    const id = (event.target as HTMLElement).dataset['cell']
    const row = ids.findIndex((each) => each.includes(id ?? ''))
    if (row < 0) return
    const column = ids[row]!.indexOf(id!)
    const right = direction() === 'rtl' ? -1 : 1
    const steps: Record<string, [number, number]> = {
      ArrowRight: [row, column + right],
      ArrowLeft: [row, column - right],
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      Home: [row, 0],
      End: [row, week.length - 1],
    }
    const [down, across] = steps[event.key] ?? []
    const to = down === undefined ? undefined : ids[down]?.[across!]
    if (!steps[event.key]) return
    event.preventDefault()
    if (to) table.current?.querySelector<HTMLElement>(`[data-cell="${to}"]`)?.focus()
  }
  return (
    <div className="table-frame" tabIndex={-1}>
      <table ref={table} className="table roster" onKeyDown={press}>
        <caption className="hidden">{words().screens.roster}</caption>
        <thead>
          <tr>
            <th scope="col">{text.post}</th>
            {week.map((day) => (
              <th key={day} scope="col" aria-current={day === today ? 'date' : undefined}>
                {wordsOf('time')[`week${weekdayOf(day)}` as 'week0']}{' '}
                <span className="muted small">{formatDay(day)}</span>
              </th>
            ))}
          </tr>
        </thead>
        {units.map((unit) => (
          <tbody key={unit.id}>
            <tr className="unit-row">
              <th scope="rowgroup">{unit.label}</th>
              {week.map((day) => (
                <td key={day}>{unit.gaps.has(day) && <span className="tag late">{text.gap}</span>}</td>
              ))}
            </tr>
            {unit.posts.map((post) => (
              <tr key={post.post_id}>
                <th scope="row">
                  {post.title} <span className="muted">{post.name}</span>
                </th>
                {week.map((day) => {
                  const id = cellId(post.post_id, day)
                  return (
                    <td key={day} className={opened === id ? 'cell opened' : 'cell'}>
                      <Link
                        className="row-link shift-cell"
                        href={hrefOf(id)}
                        data-cell={id}
                        tabIndex={id === stop ? 0 : -1}
                        aria-label={said(post, day, shiftsAt(shifts, post.post_id, day))}
                        onFocus={() => setAt(id)}
                      >
                        {shiftsAt(shifts, post.post_id, day).map((shift) => (
                          <ShiftTag key={shift.id} shift={shift} />
                        ))}
                      </Link>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

function ShiftTag({ shift }: { shift: Shift }) {
  return (
    <span className={shift.swap ? 'tag soon' : 'tag info'}>
      <span className="ltr">{spanOf(shift)}</span> {shift.skill?.name}
    </span>
  )
}

/** What a cell says: whose, which day, what is planned. */
function said(post: RosterPost, day: string, shifts: readonly Shift[]): string {
  const text = words().roster
  const planned = shifts.map((shift) => [spanOf(shift), shift.skill?.name].filter(Boolean).join(' '))
  return fill(text.cell, {
    who: [post.title, post.name].filter(Boolean).join(' '),
    day: formatDay(day),
    shifts: planned.join('、') || text.none,
  })
}
