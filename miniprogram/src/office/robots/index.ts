// The group robots of WeCom of those the reader answers for: which group hears what; set, replaced, removed.
import { fieldMessageOf } from '../../domain/errorMessage'
import { fetchMe } from '../../domain/profile'
import { managedPlaces } from '../../domain/roles'
import { store } from '../../domain/store'
import { formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import { type Problem, problemOf } from '../../platform/problem'
import { getRobot, putRobot } from '../../services/robots'
import type { Place, Robot } from '../../services/shapes'
import { ask } from '../../ui/ask'
import { definePage } from '../../ui/page'
import { offices } from '../communities'
import { type Owner, ownersOf } from './owners'
import '../words/index'

interface Row extends Owner {
  hears: string
  address: string
  state: string
  active: boolean
  changed_at: string | null // of the robot that is shown
}

definePage({
  words: ['robots'],
  title: (t) => t.robots.title,
  data: {
    places: [] as Place[],
    place: '',
    rows: [] as Row[],
    some: false, // of them has a robot
    said: '',
    trouble: '',
    sheet: null as Row | null, // of the robot that is set
    url: '',
    wrong: '',
    refusal: '',
    busy: false,
  },
  onOpen(query) {
    this.setData({ place: query['place'] ?? '' })
  },
  methods: {
    async choose(event: { detail: { id: string } }) {
      this.setData({ place: event.detail.id, said: '', trouble: '' })
      await this.reload()
    },
    edit(event: { currentTarget: { dataset: { id: string } } }) {
      const sheet = this.row(event.currentTarget.dataset.id)
      this.setData({ sheet, url: '', wrong: '', refusal: '', said: '', trouble: '' })
    },
    type(event: { detail: { value: string } }) {
      this.setData({ url: event.detail.value, wrong: '', refusal: '' })
    },
    closed() {
      this.setData({ sheet: null })
    },
    async save(): Promise<void> {
      const words = wordsOf('robots')
      const row = this.data.sheet!
      const url = this.data.url.trim()
      if (!url) return this.setData({ wrong: words.need })
      await this.put(row, url, ({ greeted }) => {
        const said = greeted ? words.greeted : greeted === false ? words.notGreeted : words.same
        this.setData({ sheet: null, said: fill(said, { name: row.name }) })
      })
    },
    async remove(event: { currentTarget: { dataset: { id: string } } }) {
      const words = wordsOf('robots')
      const row = this.row(event.currentTarget.dataset.id)
      const { name } = row
      if (!(await ask(words.remove, fill(words.removeAsk, { name })))) return
      await this.put(row, null, () => this.setData({ said: fill(words.removed, { name }) }))
    },
    row(id: string): Row {
      return this.data.rows.find((row) => row.id === id)!
    },
    /** Change a robot that is as it was read; when somebody was faster, theirs is shown and what was typed stays. */
    async put(row: Row, url: string | null, done: (robot: Robot) => void) {
      if (this.data.busy) return
      this.setData({ busy: true, wrong: '', refusal: '', said: '', trouble: '' })
      try {
        const robot = await putRobot(row.query, url, row.changed_at)
        this.keep(row, robot)
        done(robot)
      } catch (error) {
        await this.refused(row, problemOf(error))
      }
      this.setData({ busy: false })
    },
    async refused(row: Row, problem: Problem): Promise<void> {
      const message = fieldMessageOf(problem)
      if (problem.status === 409) {
        const robot = await getRobot(row.query).catch(() => null)
        if (robot) this.keep(row, robot)
      }
      if (!this.data.sheet) return this.setData({ trouble: message })
      this.setData(problem.fieldErrors.length ? { wrong: message } : { refusal: message })
    },
    keep({ id }: Row, robot: Robot) {
      const rows = this.data.rows.map((row) => (row.id === id ? rowOf(row, robot) : row))
      this.setData(view(rows, this.data.sheet))
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const me = store.get().me ?? (await fetchMe())
    const places = await offices(managedPlaces(me))
    const place = places.find((each) => each.id === this.data.place) ?? places[0]
    const owners = await ownersOf(me, place)
    const rows = await Promise.all(owners.map(async (owner) => rowOf(owner, await getRobot(owner.query))))
    return { places, place: place?.id ?? '', ...view(rows, this.data.sheet), empty: !rows.length }
  },
})

/** What is shown of rows. A sheet stays open while its reader is in WeCom, over what there is now. */
function view(rows: Row[], sheet: Row | null): { rows: Row[]; some: boolean; sheet: Row | null } {
  return {
    rows,
    some: rows.some(({ address }) => address),
    sheet: rows.find(({ id }) => id === sheet?.id) ?? null,
  }
}

function rowOf({ id, name, kind, query }: Owner, { address, active, changed_at }: Robot): Row {
  const words = wordsOf('robots')
  const since = changed_at ? formatTime(changed_at) : ''
  const state = !address ? words.none : active ? fill(words.since, { at: since }) : words.dead
  return { id, name, kind, query, hears: words[kind], address: address ?? '', state, active, changed_at }
}
