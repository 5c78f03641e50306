// Who signed up for an activity, for its staff: a tick for each who came, one button for all that are ticked.
// Property: `activity`. Events: `done` {subject}, `stale` {sentence}.
import { sayDone } from '../../../domain/actionResult'
import { messageOf } from '../../../domain/errorMessage'
import { whoseCode } from '../../domain/attendeeCode'
import { fill, labelOf, wordsOf } from '../../../i18n/index'
import type { Activity, Attendance, Subject } from '../../../services/shapes'
import { listAttendance, postSubjectAct } from '../../../services/subjects'
import { defineComponent } from '../../../ui/component'
import { scanCode } from '../../../ui/scan'
import '../../words/index'

interface Row {
  id: string
  who: string
  status: string
  can: boolean // be ticked now
  on: boolean
}

type Act = 'check_in' | 'confirm'
/** Whom an act is for: those who did not come yet, then those who were not confirmed yet. */
const OPEN: Readonly<Record<Act, readonly string[]>> = {
  check_in: ['signed_up', 'waiting'],
  confirm: ['came'],
}
const MOST = 100 // people in one act

defineComponent({
  words: ['subject', 'common', 'course'],
  props: { activity: null as (Activity & { noun: 'activity' }) | null },
  data: {
    rows: [] as Row[],
    act: '' as Act | '',
    send: '',
    hours: '', // for each who is confirmed
    busy: false,
    trouble: '',
  },
  instanceFields: { people: [] as Attendance[], ticked: {} as Record<string, boolean>, asked: '' },
  methods: {
    async fetch() {
      try {
        this.people = await listAttendance(this.data.activity!.id)
        this.setData({ trouble: '' })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.draw()
    },
    /** Confirm whoever came, once nobody is left to tick. */
    actNow(): Act | '' {
      const { actions } = this.data.activity!
      const possible = (['check_in', 'confirm'] as const).filter(
        (act) => actions.includes(act) && this.people.some(({ status }) => OPEN[act].includes(status)),
      )
      return this.data.activity!.status === 'closed' ? (possible.slice(-1)[0] ?? '') : (possible[0] ?? '')
    },
    draw() {
      const act = this.actNow()
      const rows = this.people.map(({ person_id: id, name, status, status_name }) => ({
        id,
        who: name ?? wordsOf('subject').nameless,
        status: status_name,
        can: Boolean(act && OPEN[act].includes(status)),
        on: Boolean(this.ticked[id]),
      }))
      const n = rows.filter(({ on, can }) => on && can).length
      this.setData({ rows, act, send: act ? fill(labelOf('subject', `${act}_n`), { n }) : '' })
    },
    typeHours(event: { detail: { value: string } }) {
      this.setData({ hours: event.detail.value })
    },
    /** Check in whoever shows their code. */
    async scan() {
      const code = await scanCode()
      if (!code) return
      const found = whoseCode(code, this.people)
      if (!found) return this.setData({ trouble: wordsOf('course').notListed })
      this.ticked = { [found.person_id]: true }
      this.draw()
      await this.send()
    },
    tick(event: { currentTarget: { dataset: { id: string } } }) {
      const { id } = event.currentTarget.dataset
      this.ticked[id] = !this.ticked[id]
      this.draw()
    },
    async send() {
      const { act, rows, busy, activity } = this.data
      const people = rows.filter(({ on, can }) => on && can).map(({ id }) => id)
      if (!act || !people.length || busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        const hours = act === 'confirm' && Number(this.data.hours)
        const fresh: Subject = await postSubjectAct(activity!, act, {
          people: people.slice(0, MOST),
          ...(hours ? { hours } : {}),
        })
        this.ticked = {}
        sayDone(labelOf('done', `activity.${act}`))
        this.triggerEvent('done', { subject: fresh })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
        this.triggerEvent('stale', { sentence: messageOf(error) })
      }
      this.setData({ busy: false })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  observe: 'activity',
  update() {
    const { activity } = this.data
    if (!activity) return
    const asked = `${activity.id} ${activity.version}`
    if (asked === this.asked) return this.draw()
    this.asked = asked
    this.setData({ hours: activity.kind === 'service' ? String(lengthOf(activity)) : '' })
    void this.fetch()
  },
})

/** How many hours an activity takes, in halves. */
const lengthOf = ({ starts_at, ends_at }: Activity): number =>
  Math.round((Date.parse(ends_at) - Date.parse(starts_at)) / 1_800_000) / 2
