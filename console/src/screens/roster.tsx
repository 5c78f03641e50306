// The roster of a community and its grids (值班表): a week as a table, planned from the keyboard, gaps shown. It says who can
// be called, never who was there.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { addDays, formatDay, today } from '@mini/domain/dates'
import { managedPlaces } from '@mini/domain/roles'
import { fill } from '@mini/i18n/index'
import { listRosterPosts, listShifts } from '@mini/services/duty'
import type { ScreenProps } from '../app'
import { useAddress } from '../kit/address'
import { Empty, Loaded } from '../kit/Message'
import { officesOf } from '../kit/Office'
import { Screen } from '../kit/Screen'
import { useMe } from '../session'
import { words } from '../words'
import { Cell } from './roster/Cell'
import { cellOf, midnightOf, mondayOf, shiftsAt, unitsOf, weekFrom } from './roster/week'
import { WeekTable } from './roster/WeekTable'

const WEEK = 7
const text = () => words().roster

export function Roster({ id }: ScreenProps) {
  const own = managedPlaces(useMe())
  const { filters, change } = useAddress('roster')
  const offices = useQuery({
    queryKey: ['offices', own, true],
    queryFn: async () => (await Promise.all(own.map((each) => officesOf(each, true)))).flat(),
    staleTime: 600_000,
  })
  const place = filters['place_id'] ?? offices.data?.[0]?.id
  return (
    <Screen
      title={words().screens.roster}
      lead={text().lead}
      actions={
        (offices.data?.length ?? 0) > 1 && (
          <label className="filter">
            <span>{words().office.where}</span>
            <select
              className="field"
              value={place}
              onChange={(event) => change({ place_id: event.target.value })}
            >
              {offices.data!.map(({ id: each, label }) => (
                <option key={each} value={each}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        )
      }
    >
      <Loaded query={offices}>{() => <WeekOf key={place} place={place} opened={id} />}</Loaded>
    </Screen>
  )
}

/** A week of a community; of one's own grids where no place is named. */
function WeekOf({ place, opened }: { place: string | undefined; opened: string | undefined }) {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const { filters, change, hrefOf } = useAddress('roster')
  const monday = mondayOf(filters['week'] ?? today())
  const week = weekFrom(monday)
  const posts = useQuery({ queryKey: ['roster-posts', place], queryFn: () => listRosterPosts(place) })
  const shifts = useQuery({
    queryKey: ['roster', place, monday],
    queryFn: () =>
      listShifts({
        since: midnightOf(monday),
        until: midnightOf(addDays(monday, WEEK)),
        ...(place ? { place_id: place } : {}),
      }),
    placeholderData: (before) => before,
  })
  const to = (day: string): void => change({ week: day === mondayOf(today()) ? '' : day })
  return (
    <Loaded query={posts}>
      {(all) => (
        <Loaded query={shifts}>
          {(planned) => {
            const units = unitsOf(all, planned, week, today())
            const cell = cellOf(opened)
            const post = all.find(({ post_id }) => post_id === cell?.post)
            const gaps = units.reduce((sum, unit) => sum + unit.gaps.size, 0)
            if (!all.length) return <Empty title={text().empty} text={text().emptyText} />
            return (
              <>
                <div className="list-bar">
                  <div className="tools" role="group" aria-label={text().week}>
                    <button
                      type="button"
                      className="btn plain small"
                      onClick={() => to(addDays(monday, -WEEK))}
                    >
                      {text().before}
                    </button>
                    <button type="button" className="btn plain small" onClick={() => to(mondayOf(today()))}>
                      {text().now}
                    </button>
                    <button
                      type="button"
                      className="btn plain small"
                      onClick={() => to(addDays(monday, WEEK))}
                    >
                      {text().after}
                    </button>
                  </div>
                  <p role="status" className={gaps ? 'due late' : 'muted'}>
                    {fill(gaps ? text().gaps : text().noGaps, {
                      n: gaps,
                      from: formatDay(monday),
                      until: formatDay(week.at(-1)!),
                    })}
                  </p>
                </div>
                <div className={post ? 'split' : 'whole'}>
                  <div className="list">
                    <WeekTable
                      units={units}
                      shifts={planned}
                      week={week}
                      today={today()}
                      opened={opened}
                      hrefOf={hrefOf}
                    />
                  </div>
                  {post && cell && (
                    <Cell
                      post={post}
                      day={cell.day}
                      today={today()}
                      shifts={shiftsAt(planned, post.post_id, cell.day)}
                      colleagues={all.filter(({ unit, mine }) => unit.id === post.unit.id && !mine)}
                      onChange={() =>
                        Promise.all(
                          ['roster', 'roster-swaps'].map((key) =>
                            client.invalidateQueries({ queryKey: [key] }),
                          ),
                        )
                      }
                      onClose={() => {
                        navigate(hrefOf())
                        document.querySelector<HTMLElement>(`[data-cell="${opened}"]`)?.focus()
                      }}
                    />
                  )}
                </div>
              </>
            )
          }}
        </Loaded>
      )}
    </Loaded>
  )
}
