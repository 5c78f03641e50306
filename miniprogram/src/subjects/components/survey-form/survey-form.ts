// Answering a survey or vote for one's household: choose, read it once more, hand it in. What is chosen stays on the phone
// until it is counted, and no longer. What hinders is said with what to do about it.
// Property: `survey`. Events: `done` {subject} once it is counted, `stale` when it has to be loaded again.
import { findBallot, keepBallot, removeBallot, sendBallot } from '../../../domain/ballots'
import { fieldMessageOf, messageOf, waitingMessageOf } from '../../../domain/errorMessage'
import { changeProfile } from '../../../domain/profile'
import type { SharedState } from '../../../domain/store'
import { askForMessages } from '../../../domain/subscriptions'
import { wordsOf } from '../../../i18n/index'
import { problemOf } from '../../../platform/problem'
import type { Subject, Survey } from '../../../services/shapes'
import { defineComponent } from '../../../ui/component'
import { pickPlace } from '../../../ui/placePicker'
import { type QuestionRow, questionRows, toggled, unanswered } from '../../domain/ballotForm'
import { isStaff } from '../../domain/kinds'
import '../../words/index'

type Step = 'fill' | 'review'
type Tap = { currentTarget: { dataset: { question: number; choice: number } } }

defineComponent({
  words: ['survey', 'common'],
  props: { survey: null as (Survey & { noun: 'survey' }) | null },
  data: {
    step: 'fill' as Step,
    asks: false, // the reader can answer, or could once the household's number is known
    rows: [] as QuestionRow[],
    why: '', // the server's sentence that hinders, and what is missing
    missing: '',
    done: false, // the household has answered
    counted: false, // just now, from here
    waits: '',
    trouble: '',
    room: '',
    roomWrong: '',
    busy: false,
  },
  instanceFields: { of: '', choices: [] as number[][], marked: false },
  methods: {
    draw() {
      const survey = this.data.survey!
      const words = wordsOf('survey')
      const waiting = findBallot(survey.id)?.problem
      const missing = survey.missing ?? ''
      const elsewhere = isStaff() && missing === 'home' // staff who do not live there are not asked
      const hinders = survey.status === 'open' || survey.answered_by_household // else the status says it
      this.setData({
        asks: survey.can_answer || missing === 'room',
        rows: questionRows(survey, this.choices, this.marked),
        why: hinders && !elsewhere && !this.data.counted ? (survey.why_not ?? '') : '',
        missing: elsewhere ? '' : missing,
        done: survey.answered_by_household,
        waits: waiting && !this.data.busy ? [words.waits, waitingMessageOf(waiting)].join(' ') : '',
      })
    },
    choose(event: Tap) {
      const { question, choice } = event.currentTarget.dataset
      this.take(question, toggled(this.data.survey!.questions[question]!, this.choices[question], choice))
    },
    rate(event: Tap & { detail: { value: number } }) {
      this.take(event.currentTarget.dataset.question, [event.detail.value - 1])
    },
    take(question: number, chosen: number[]) {
      const { survey } = this.data
      this.choices = survey!.questions.map((_, n) => (n === question ? chosen : (this.choices[n] ?? [])))
      keepBallot(survey!.id, survey!.title ?? '', this.choices)
      this.setData({ trouble: '' })
      this.draw()
    },
    review() {
      const survey = this.data.survey!
      const words = wordsOf('survey')
      const left = unanswered(survey, this.choices)
      this.marked = left.length > 0
      if (left.length) this.setData({ trouble: survey.rule ? words.chooseEach : words.chooseOne })
      else this.turn(survey.missing === 'room' ? 'fill' : 'review')
      if (!left.length && survey.missing === 'room') this.setData({ roomWrong: words.roomFirst })
      this.draw()
    },
    back() {
      this.turn('fill')
    },
    turn(step: Step) {
      this.setData({ step, trouble: '' })
      wx.pageScrollTo({ scrollTop: 0, duration: 0 })
    },
    async send() {
      if (this.data.busy) return
      askForMessages('common_life') // the next survey
      this.setData({ busy: true, trouble: '' })
      try {
        const subject: Subject = await sendBallot(this.data.survey!.id)
        this.choices = []
        this.setData({ busy: false, counted: true })
        this.turn('fill')
        this.triggerEvent('done', { subject })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ busy: false, trouble: problem.temporary ? '' : fieldMessageOf(problem) })
        if (!problem.temporary) this.triggerEvent('stale')
      }
      this.draw()
    },
    typeRoom(event: { detail: { value: string } }) {
      this.setData({ room: event.detail.value, roomWrong: '' })
    },
    async saveRoom() {
      const room = this.data.room.trim()
      if (!room) return this.setData({ roomWrong: wordsOf('common').required })
      if (await this.tell({ room })) this.triggerEvent('stale')
    },
    async chooseHome() {
      const place = await pickPlace()
      if (place?.id && (await this.tell({ home_id: place.id }))) this.triggerEvent('stale')
    },
    /** Say where one lives; whether it was taken. */
    async tell(change: { room: string } | { home_id: string }): Promise<boolean> {
      if (this.data.busy) return false
      this.setData({ busy: true, trouble: '' })
      try {
        await changeProfile(change)
        return true
      } catch (error) {
        this.setData('room' in change ? { roomWrong: fieldMessageOf(error) } : { trouble: messageOf(error) })
        return false
      } finally {
        this.setData({ busy: false })
      }
    },
  },
  /** A ballot that waited has been counted or refused. */
  onStoreChange(changed: Partial<SharedState>) {
    const { survey, waits, busy } = this.data
    if ('unsentBallots' in changed && survey && waits && !busy && !findBallot(survey.id)?.problem)
      this.triggerEvent('stale')
  },
  // after `methods`, whose types TypeScript has to infer first
  observe: 'survey',
  update() {
    const { survey } = this.data
    if (!survey) return
    if (survey.id !== this.of) {
      this.of = survey.id
      this.choices = findBallot(survey.id)?.choices ?? []
    }
    if (!survey.can_answer) this.setData({ step: 'fill' })
    // what nobody can hand in any more is not kept
    if (!survey.can_answer && !survey.missing && findBallot(survey.id)) removeBallot(survey.id)
    this.draw()
  },
})
