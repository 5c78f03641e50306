// The roster as its colleagues read it: what waits for one's answer, one's own shifts, everybody's. It says who can be
// called, never who was there.
import { fill, wordsOf } from '../../i18n/index'
import { clockOf, dayOfMoment, formatTime, shanghaiTime } from '../../domain/time'
import { listRosterPosts, listShifts } from '../../services/duty'
import type { RosterPost, Shift } from '../../services/shapes'
import { store } from '../../domain/store'

const DAYS = 14 // that are shown
const RETURNS = 6 // of colleagues' shifts to choose among
const OF_A_ROSTER: ReadonlySet<string> = new Set(['head', 'deputy', 'duty', 'member', 'community'])

export interface ShiftRow {
  id: string
  when: string
  who: string
  about: string // the skill it is for, the unit
  swap: string // who has been asked, or asks
  colleagues: { id: string; name: string; words: string }[] // whom its holder can ask now
  returns: Return[] // shifts of colleagues that can be had for it
  canTake: boolean
  canEnd: boolean
  mine: boolean
}

/** A colleague's shift that is taken in return for one's own. */
export interface Return {
  id: string
  post: string
  name: string
  words: string
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
  const all = [...new Map([...own, ...ofUnits.flat()].map((shift) => [shift.id, shift])).values()]
  const rows = (shifts: Shift[]): ShiftRow[] =>
    inOrder(shifts).map((shift) => rowOf(shift, colleagues.get(shift.unit.id) ?? [], all))
  return {
    asked: rows(own.filter(({ mine }) => !mine)),
    mine: rows(own.filter(({ mine }) => mine)),
    all: rows(ofUnits.flat().filter(({ mine }) => !mine)),
  }
}

const inOrder = (shifts: readonly Shift[]): Shift[] =>
  [...shifts].sort((one, other) => one.starts_at.localeCompare(other.starts_at))

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

function rowOf(shift: Shift, colleagues: RosterPost[], all: readonly Shift[]): ShiftRow {
  const words = wordsOf('roster')
  const { id, post, unit, skill, swap, mine, actions } = shift
  const inReturn = swap?.for_id && all.find((each) => each.id === swap.for_id)
  const asked =
    swap &&
    [
      fill(mine ? words.youAsked : words.asksYou, { who: nameOf(mine ? swap : post) }),
      inReturn && fill(mine ? words.youTake : words.theyTake, { when: whenOf(inReturn) }),
    ]
      .filter(Boolean)
      .join('；')
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
    returns: actions.includes('ask') ? returnsOf(shift, colleagues, all) : [],
    canTake: actions.includes('accept'),
    canEnd: actions.includes('decline'),
  }
}

/** The next shifts of colleagues of the same unit that have not begun and are in no other swap. */
function returnsOf(shift: Shift, colleagues: RosterPost[], all: readonly Shift[]): Return[] {
  const now = new Date().toISOString()
  const inSwap = new Set(all.map(({ swap }) => swap?.for_id))
  const able = new Set(colleagues.map(({ post_id }) => post_id))
  return inOrder(all)
    .filter(
      ({ unit, post, starts_at }) => unit.id === shift.unit.id && able.has(post.post_id) && starts_at > now,
    )
    .filter(({ id, swap }) => !swap && !inSwap.has(id))
    .slice(0, RETURNS)
    .map((each) => ({
      id: each.id,
      post: each.post.post_id,
      name: nameOf(each.post),
      words: [nameOf(each.post), formatTime(each.starts_at)].join(' '),
    }))
}

/** 12月3日 18:00 – 12月4日 08:00; the day of the end only where it is another. */
function whenOf({ starts_at, ends_at }: Shift): string {
  const end = dayOfMoment(ends_at) === dayOfMoment(starts_at) ? clockOf(ends_at) : formatTime(ends_at)
  return `${formatTime(starts_at)} – ${end}`
}
