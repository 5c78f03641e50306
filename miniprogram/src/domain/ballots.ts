// Ballots: what a household answers to a survey, on the phone until it is counted. It is kept while it is entered, waits
// where there is no network, is counted once, and is gone then: what a household has answered is secret.
import { wordsOf } from '../i18n/index'
import { newKey } from '../platform/idempotencyKey'
import { type Problem, problemOf } from '../platform/problem'
import { readStorage, writeStorage } from '../platform/storage'
import type { Subject, SurveyAnswer } from '../services/shapes'
import { getSubject } from '../services/subjects'
import { postResponse } from '../services/surveys'
import { sayDone } from './actionResult'
import { messageOf } from './errorMessage'
import { store } from './store'

export interface Ballot {
  survey: string
  title: string
  choices: number[][] // what is chosen, by the number of the question
  key: string // Idempotency-Key; other choices have another
  problem?: Pick<Problem, 'kind' | 'retryAfter'> // it is to be sent, and why it waits
}

const BALLOTS = 'ballots'
const RETRY_AFTER = 30_000
const UNDER_WAY = { kind: 'timeout', retryAfter: 0 } as const
const sending = new Map<string, Promise<Subject>>()
let timer = 0

const all = (): Ballot[] => readStorage<Ballot[]>(BALLOTS) ?? []
const others = (survey: string): Ballot[] => all().filter((each) => each.survey !== survey)

export const findBallot = (survey: string): Ballot | undefined => all().find((each) => each.survey === survey)
export const unsentBallots = (): Ballot[] => all().filter(({ problem }) => problem)

/** Keep what is chosen now. It is another ballot than one that waits. */
export function keepBallot(survey: string, title: string, choices: number[][]): void {
  save([...others(survey), { survey, title, choices, key: newKey() }])
}

export const removeBallot = (survey: string): void => save(others(survey))

function save(ballots: Ballot[]): void {
  writeStorage(BALLOTS, ballots)
  store.set({ unsentBallots: unsentBallots().length })
}

/** Send a ballot. Throws why it was not counted: one that is refused stays only where it may still be counted. */
export function sendBallot(survey: string): Promise<Subject> {
  const running = sending.get(survey)
  if (running) return running
  const sent = deliver(survey).finally(() => sending.delete(survey))
  sending.set(survey, sent)
  return sent
}

async function deliver(survey: string): Promise<Subject> {
  const ballot: Ballot = { ...findBallot(survey)!, problem: UNDER_WAY }
  save([...others(survey), ballot]) // if the program ends now, it is sent at the next start
  try {
    const counted = await postResponse(survey, answersOf(ballot), ballot.key)
    removeBallot(survey)
    return counted
  } catch (error) {
    const problem = problemOf(error)
    if (problem.temporary) retryLater(ballot, problem)
    else await refused(ballot)
    throw problem
  }
}

export const answersOf = ({ choices }: Pick<Ballot, 'choices'>): SurveyAnswer[] =>
  choices.flatMap((chosen, question) => (chosen?.length ? [{ question, choices: chosen }] : []))

/** Ask what is possible now: a household that can answer, or only lacks something, keeps what it has chosen. */
async function refused({ survey: id, title, choices, key }: Ballot): Promise<void> {
  save([...others(id), { survey: id, title, choices, key }])
  const survey = await getSubject('survey', id).catch(() => null)
  if (survey?.noun === 'survey' && !survey.can_answer && !survey.missing) removeBallot(id)
}

function retryLater(ballot: Ballot, { kind, retryAfter }: Problem): void {
  save([...others(ballot.survey), { ...ballot, problem: { kind, retryAfter } }])
  clearTimeout(timer)
  timer = setTimeout(() => void flushBallots(), Math.max(RETRY_AFTER, retryAfter * 1000))
}

/** Send every ballot that waits, and say what became of it. */
export async function flushBallots(): Promise<void> {
  for (const { survey, title } of unsentBallots().filter((each) => !sending.has(each.survey))) {
    try {
      await sendBallot(survey)
      sayDone(wordsOf('outbox').counted)
    } catch (error) {
      const problem = problemOf(error)
      if (problem.temporary) return
      // not only a toast: who is not told believes to have voted
      wx.showModal({
        title,
        content: messageOf(problem),
        showCancel: false,
        confirmText: wordsOf('dialog').close,
      })
    }
  }
}
