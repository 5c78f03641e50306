// Asking for subscribe messages: what to ask for is fetched beforehand, because the question has to come straight
// from a tap. The server leaves out what somebody has refused for good.
import { problemOf } from '../platform/problem'
import { readStorage, writeStorage } from '../platform/storage'
import { askToSubscribe } from '../platform/subscribe'
import type { SubscriptionAnswer } from '../services/shapes'
import { getSubscriptions, postSubscriptions } from '../services/subscriptions'
import { store } from './store'

export type Moment = 'report' | 'work' | 'common_life'

/** Answers that have not reached the server; the name of their storage. */
export const UNSENT_ANSWERS = 'subscriptionAnswers'

const MOST = 10 // answers the server takes at a time
const unsentAnswers = (): SubscriptionAnswer[] => readStorage(UNSENT_ANSWERS) ?? []

let pending: Promise<void> | null = null

/** Send the answers that have not arrived, and learn what to ask for; calls at the same time share one. */
export function fetchSubscriptions(): Promise<void> {
  pending ??= exchange().finally(() => (pending = null))
  return pending
}

async function exchange(): Promise<void> {
  const answers = unsentAnswers().slice(0, MOST)
  if (!answers.length) return store.set({ moments: (await getSubscriptions()).moments })
  try {
    store.set({ moments: (await postSubscriptions(answers)).moments })
  } catch (error) {
    if (problemOf(error).temporary) throw error
    // Refused: the office no longer has the template.
  }
  writeStorage(UNSENT_ANSWERS, unsentAnswers().slice(answers.length)) // there may be new ones
  if (unsentAnswers().length) await exchange()
}

/** To be called first thing in the handler of a tap, before any await. */
export function askForMessages(moment: Moment): void {
  const asked = store.get().moments[moment] ?? []
  askToSubscribe(
    asked.map((each) => each.template_id),
    (answers, kept) => {
      const given = asked.filter((each) => answers.has(each.template_id))
      if (given.length)
        keep(
          given.map(({ event, template_id: id }) => ({
            event,
            accepted: answers.get(id) === 'accept',
            always: kept.get(id) === answers.get(id),
          })),
        )
    },
  )
}

function keep(answers: SubscriptionAnswer[]): void {
  writeStorage(UNSENT_ANSWERS, [...unsentAnswers(), ...answers])
  void fetchSubscriptions().catch(() => undefined) // they are sent at the next start
}
