// The roster as its colleagues read it: what waits for one's answer, one's own shifts, everybody's. It says who can be
// called, never who was there.
import { fill, wordsOf } from '../../i18n/index'
import { clockOf, dayOfMoment, formatTime, shanghaiTime } from '../../domain/time'
import { listRosterPosts, listShifts } from '../../services/duty'
import type { RosterPost, Shift } from '../../services/shapes'
import { store } from '../../domain/store'

const DAYS = 14 // that are shown
const OF_A_ROSTER: ReadonlySet<string> = new Set(['head', 'deputy', 'duty', 'member', 'community'])

export interface ShiftRow {
  id: string
  when: string
  who: string
  about: string // the skill it is for, the unit
  swap: string // who has been asked, or asks
  colleagues: { id: string; name: string; words: string }[] // whom its holder can ask now
  canTake: boolean
  canEnd: boolean
  mine: boolean
}

export interface Roster {
  asked: ShiftRow[]
  mine: ShiftRow[]
  all: ShiftRow[]
}

export async function fetchRoster(): Promise<Roster> {
  const units = unitsOf()
  const until = shanghaiTime(DAYS, 0)
  const [own, ...ofUnits] = await Promise.all([
    listShifts({ mine: true, until }),
    ...units.map((place_id) => listShifts({ place_id, until })),
  ])
  const colleagues = await colleaguesOf(own)
  const rows = (shifts: Shift[]): ShiftRow[] =>
    shifts
      .sort((one, other) => one.starts_at.localeCompare(other.starts_at))
      .map((shift) => rowOf(shift, colleagues.get(shift.unit.id) ?? []))
  return {
    asked: rows(own.filter(({ mine }) => !mine)),
    mine: rows(own.filter(({ mine }) => mine)),
    all: rows(ofUnits.flat().filter(({ mine }) => !mine)),
  }
}

/** The grids and communities where the reader works. */
const unitsOf = (): string[] =>
  (store.get().me?.posts ?? []).flatMap(({ role, place_id }) =>
    place_id && OF_A_ROSTER.has(role) ? [place_id] : [],
  )

/** Who can be asked, by the unit of the shift; the units below it have rosters of their own. */
async function colleaguesOf(shifts: Shift[]): Promise<Map<string, RosterPost[]>> {
  const units = [
    ...new Set(shifts.filter(({ actions }) => actions.includes('ask')).map(({ unit }) => unit.id)),
  ]
  const posts = await Promise.all(units.map((id) => listRosterPosts(id)))
  return new Map(units.map((id, n) => [id, posts[n]!.filter((post) => post.unit.id === id && !post.mine)]))
}

const nameOf = ({ title, name }: { title: string; name?: string | null }): string =>
  [title, name].filter(Boolean).join(' ')

function rowOf(shift: Shift, colleagues: RosterPost[]): ShiftRow {
  const words = wordsOf('roster')
  const { id, post, unit, skill, swap, mine, actions } = shift
  const asked = swap && fill(mine ? words.youAsked : words.asksYou, { who: nameOf(mine ? swap : post) })
  return {
    id,
    mine,
    when: whenOf(shift),
    who: nameOf(post),
    about: [unit.label, skill && fill(words.only, { skill: skill.name })].filter(Boolean).join(' · '),
    swap: asked && (mine || actions.includes('accept')) ? asked : '',
    colleagues: actions.includes('ask')
      ? colleagues.map((each) => ({
          id: each.post_id,
          name: nameOf(each),
          words: fill(words.ask, { who: nameOf(each) }),
        }))
      : [],
    canTake: actions.includes('accept'),
    canEnd: actions.includes('decline'),
  }
}

/** 12月3日 18:00 – 12月4日 08:00; the day of the end only where it is another. */
function whenOf({ starts_at, ends_at }: Shift): string {
  const end = dayOfMoment(ends_at) === dayOfMoment(starts_at) ? clockOf(ends_at) : formatTime(ends_at)
  return `${formatTime(starts_at)} – ${end}`
}
