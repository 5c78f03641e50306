// Consent to the privacy guide. A request that needs it waits here; the dialog of the visible page answers.
import { store } from './store'

let waiting: ((agreed: boolean) => void)[] = []

/** Show the consent dialog, which every page has (components/page-frame). */
export function askForConsent(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    store.set({ consentOpen: true })
  })
}

export function answerConsent(agreed: boolean): void {
  const resolvers = waiting
  waiting = []
  store.set({ consentOpen: false })
  resolvers.forEach((resolve) => resolve(agreed))
}

/** WeChat asks for its own privacy agreement before camera, album, phone number or location. */
export function handleWechatPrivacy(): void {
  wx.onNeedPrivacyAuthorization?.((resolve) => {
    const reply = resolve as unknown as (answer: object) => void // the typings have an ordinary callback here
    void askForConsent().then((agreed) =>
      reply(agreed ? { event: 'agree', buttonId: 'agree' } : { event: 'disagree' }),
    )
  })
}
