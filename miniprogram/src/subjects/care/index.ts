// The households one looks after (结对帮扶): what was done there (聊 带 看 帮) is a tap each. It works without a network, and
// asks for no photo or position. Heads see, too, which doors nobody has been at yet, and where a helper is missing.
import { sayDone } from '../../domain/actionResult'
import { messageOf } from '../../domain/errorMessage'
import { fetchMe } from '../../domain/profile'
import { hasRole, managedPlaces } from '../../domain/roles'
import { store } from '../../domain/store'
import { formatTime, shanghaiTime } from '../../domain/time'
import { recordVisit } from '../../domain/visits'
import { caredFor, type CareDoor, fetchCare, keptCare } from '../domain/careDoors'
import { callDays } from '../domain/relationForms'
import { taskOf } from '../domain/relationKinds'
import { fill, labelOf, wordsOf } from '../../i18n/index'
import { problemOf } from '../../platform/problem'
import { listOwnGrids } from '../../services/settings'
import type { CareAct, Role } from '../../services/shapes'
import { callForVisits, listAllSubjects, listPairedDoors, listSubjects } from '../../services/subjects'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { subjectRoute } from '../../ui/subjectRoute'
import '../words/index'

const ACTS: readonly CareAct[] = ['talk', 'accompany', 'check', 'help']
const HEADS: readonly Role[] = ['head', 'deputy', 'duty', 'community', 'street']
const DAYS = [0, 3, 7] // until when doors are open

interface Row extends CareDoor {
  when: string
  late: boolean
  acts: { key: CareAct; words: string; on: boolean }[]
  any: boolean
}
interface OpenDoor {
  id: string
  label: string
  when: string
}
interface Task {
  id: string
  label: string
  words: string
}

definePage({
  words: ['care', 'visits', 'common'],
  title: (t) => t.care.title,
  data: {
    rows: [] as Row[],
    kept: false, // the list is the one on the phone
    heads: false,
    days: 3,
    choices: [] as { days: number; words: string }[],
    open: [] as OpenDoor[],
    tasks: [] as Task[],
    calls: [] as { value: string; words: string }[],
    calling: false,
    trouble: '',
  },
  instanceFields: { done: {} as Record<string, CareAct[]>, busy: false },
  methods: {
    row(door: CareDoor): Row {
      const words = wordsOf('care')
      const done = this.done[door.id] ?? []
      const last = door.last
        ? fill(wordsOf('visits').last, { at: formatTime(door.last) })
        : wordsOf('visits').never
      return {
        ...door,
        when: [door.due && fill(words.due, { at: formatTime(door.due) }), last].filter(Boolean).join(' · '),
        late: Boolean(door.due) && Date.parse(door.due) <= Date.now(),
        acts: ACTS.map((key) => ({ key, words: labelOf('careAct', key), on: done.includes(key) })),
        any: done.length > 0,
      }
    },
    tick(event: { currentTarget: { dataset: { id: string; act: CareAct } } }) {
      const { id, act } = event.currentTarget.dataset
      const done = this.done[id] ?? []
      this.done[id] = done.includes(act) ? done.filter((each) => each !== act) : [...done, act]
      this.setData({ rows: this.data.rows.map((door) => (door.id === id ? this.row(door) : door)) })
    },
    async record(event: { currentTarget: { dataset: { id: string } } }) {
      const door = this.data.rows.find(({ id }) => id === event.currentTarget.dataset.id)
      const acts = door && this.done[door.id]
      if (!door || !acts?.length || this.busy) return
      this.busy = true
      delete this.done[door.id]
      this.setData({ rows: caredFor(door.id, Date.now()).map((each) => this.row(each)) })
      const words = wordsOf('visits')
      const sending = recordVisit({
        place: { id: door.id, label: door.label },
        title: fill(words.name, { place: door.label }),
        nothing: acts.map((act) => labelOf('careAct', act)).join(wordsOf('care').and),
        care: { acts, unit: door.unit, room: door.room },
      })
      this.busy = false // it is on the phone: the next door can be ticked
      sayDone(fill((await sending) ? words.done : words.waits, { place: door.label }))
      if (this.data.heads) await this.reload()
    },
    async until(event: { currentTarget: { dataset: { days: number } } }) {
      this.setData({ days: event.currentTarget.dataset.days })
      await this.reload()
    },
    /** The pairing of an open door, with who looks after it. */
    async openDoor(event: { currentTarget: { dataset: { id: string } } }) {
      const query = {
        place_id: event.currentTarget.dataset.id,
        kind: ['pairing'],
        status: ['active', 'vacant'],
      }
      try {
        const [pairing] = (await listSubjects('relationship', query)).items
        if (pairing) wx.navigateTo({ url: subjectRoute('relationship', pairing.id) })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
    },
    openPairing(event: { currentTarget: { dataset: { id: string } } }) {
      wx.navigateTo({ url: subjectRoute('relationship', event.currentTarget.dataset.id) })
    },
    toggleCall() {
      this.setData({ calling: !this.data.calling })
    },
    async call(event: { currentTarget: { dataset: { until: string; words: string } } }) {
      const { until, words } = event.currentTarget.dataset
      const { call, callAsk, called } = wordsOf('care')
      if (this.busy || !(await ask(call, fill(callAsk, { until: words })))) return
      this.busy = true
      try {
        const units = await unitsOf()
        const counts = await Promise.all(units.map((unit) => callForVisits(unit, until)))
        this.setData({ calling: false, trouble: '' })
        sayDone(fill(called, { n: counts.reduce((sum, { due }) => sum + due, 0) }))
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.busy = false
      await this.reload()
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    try {
      if (!store.get().me) await fetchMe() // what is seen depends on the posts
      const heads = hasRole(HEADS)
      const [doors, office] = await Promise.all([fetchCare(), heads ? officeOf(this.data.days) : null])
      const rows = doors.map((door) => this.row(door))
      const empty = !rows.length && !heads
      return { rows, heads, kept: false, empty, ...office }
    } catch (error) {
      const doors = keptCare()
      if (!doors.length || !problemOf(error).temporary) throw error
      return { rows: doors.map((door) => this.row(door)), kept: true }
    }
  },
})

/** The units whose households the reader answers for. */
async function unitsOf(): Promise<string[]> {
  const grids = await listOwnGrids()
  return grids.length ? grids.map(({ id }) => id) : managedPlaces()
}

/** What heads see besides: the doors that are open, and what waits for somebody. */
async function officeOf(days: number): Promise<object> {
  const words = wordsOf('care')
  const until = shanghaiTime(days + 1, 0) // the end of that day
  const units = await unitsOf()
  const [pairings, ...doors] = await Promise.all([
    listAllSubjects('relationship', { kind: ['pairing'], status: ['vacant', 'proposed', 'active'] }),
    ...units.map((unit) => listPairedDoors(unit, until)),
  ])
  return {
    choices: DAYS.map((each) => ({
      days: each,
      words: each ? fill(words.within, { n: each }) : words.today,
    })),
    open: doors.flat().map(({ id, label, due_at, overdue }) => ({
      id,
      label,
      when: overdue || !due_at ? words.overdue : fill(words.due, { at: formatTime(due_at) }),
    })),
    tasks: pairings
      .filter((one) => taskOf(one))
      .map((one) => ({ id: one.id, label: one.place.label, words: words[taskOf(one) as 'taskVacant'] })),
    calls: await callDays(),
  }
}
