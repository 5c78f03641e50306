// Visits (走访): the doors of the reader's grids, the one that was not visited for longest first. A tap opens a door, another
// says that there is nothing to report; a line is an opinion, a photo may go with it. It works without a network, and asks
// for no photo or position.
import { sayDone } from '../../domain/actionResult'
import { readActionDraft, removeActionDraft, saveActionDraft } from '../../domain/draftText'
import { today } from '../../domain/dates'
import { fetchMe } from '../../domain/profile'
import { store } from '../../domain/store'
import { dayOfMoment, formatTime } from '../../domain/time'
import { recordVisit } from '../../domain/visits'
import { type Door, fetchDoors, keptDoors, visited } from '../domain/visitPlaces'
import { fill, labelOf, wordsOf } from '../../i18n/index'
import { problemOf } from '../../platform/problem'
import type { Shot } from '../../domain/types'
import type { OpinionForm } from '../../services/shapes'
import { definePage } from '../../ui/page'
import '../words/index'

type Sort = NonNullable<OpinionForm['kind']>
const SORTS: readonly Sort[] = ['opinion', 'need', 'suggestion']

interface Row extends Door {
  when: string
  today: boolean
}

const row = (door: Door): Row => ({
  ...door,
  when: door.last ? fill(wordsOf('visits').last, { at: formatTime(door.last) }) : wordsOf('visits').never,
  today: Boolean(door.last) && dayOfMoment(door.last) === today(),
})
const DRAFT = 'visit' // the name of what is being typed, by door

definePage({
  words: ['visits', 'common', 'report'],
  title: (t) => t.visits.title,
  data: {
    rows: [] as Row[],
    open: '', // the id of the door that is open
    text: '',
    shots: [] as Shot[],
    sort: 'opinion' as Sort,
    sorts: [] as { key: Sort; words: string }[],
    kept: false, // the list is the one on the phone
    need: false,
  },
  instanceFields: { busy: false },
  methods: {
    toggle(event: { currentTarget: { dataset: { id: string } } }) {
      const { id } = event.currentTarget.dataset
      const open = id === this.data.open ? '' : id
      const draft = readActionDraft(open, DRAFT) ?? {}
      const text = typeof draft['text'] === 'string' ? draft['text'] : ''
      const shots = (draft['shots'] as Shot[] | undefined) ?? []
      this.setData({ open, text, shots, sort: 'opinion', need: false })
    },
    type(event: { detail: { value: string } }) {
      this.setData({ text: event.detail.value, need: false })
      this.keep()
    },
    shoot(event: { detail: { shots: Shot[] } }) {
      this.setData({ shots: event.detail.shots })
      this.keep()
    },
    keep() {
      const { open, text, shots } = this.data
      saveActionDraft(open, DRAFT, { text, shots })
    },
    chooseSort(event: { currentTarget: { dataset: { key: Sort } } }) {
      this.setData({ sort: event.currentTarget.dataset.key })
    },
    nothing() {
      void this.record()
    },
    said() {
      const text = this.data.text.trim()
      if (!text) return this.setData({ need: true })
      void this.record({ kind: this.data.sort, text })
    },
    async record(said?: { kind: Sort; text: string }) {
      const door = this.data.rows.find(({ id }) => id === this.data.open)
      if (!door || this.busy) return
      this.busy = true
      const words = wordsOf('visits')
      const place = { id: door.id, label: door.label }
      const { shots } = this.data
      removeActionDraft(door.id, DRAFT)
      this.setData({ open: '', text: '', shots: [], rows: visited(door.id, Date.now()).map(row) })
      const sending = recordVisit({
        place,
        title: fill(words.name, { place: door.label }),
        nothing: words.nothing,
        ...(said ? { said } : {}),
        ...(shots.length ? { shots } : {}),
      })
      this.busy = false // it is on the phone: the next door can be opened
      sayDone(fill((await sending) ? words.done : words.waits, { place: door.label }))
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const sorts = SORTS.map((key) => ({ key, words: labelOf('sort', key) }))
    try {
      if (!store.get().me) await fetchMe() // the doors depend on the posts
      const doors = await fetchDoors()
      return { rows: doors.map(row), sorts, kept: false, empty: !doors.length }
    } catch (error) {
      const doors = keptDoors()
      if (!doors.length || !problemOf(error).temporary) throw error
      return { rows: doors.map(row), sorts, kept: true }
    }
  },
})
