// Consent before personal data is kept: whoever needs it waits here, the dialog of the page in front answers.
import { store } from './store'

let waiting: ((yes: boolean) => void)[] = []

/** Ask; every page has the dialog (components/screen), the one in front shows it. */
export function agreed(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    store.set({ consenting: true })
  })
}

export function answer(yes: boolean): void {
  const asked = waiting
  waiting = []
  store.set({ consenting: false })
  asked.forEach((tell) => tell(yes))
}

/** WeChat asks for its own privacy agreement before camera, album, phone number or place. */
export function watchPrivacy(): void {
  wx.onNeedPrivacyAuthorization?.((resolve) => {
    const tell = resolve as unknown as (answer: object) => void // its typing is that of an ordinary callback
    void agreed().then((yes) => tell(yes ? { event: 'agree', buttonId: 'agree' } : { event: 'disagree' }))
  })
}
