/** WeChat's privacy agreement, asked for before the first call that needs it. */
import { harness } from '../harness'

type Answer = { event: 'agree' | 'disagree' | 'exposureAuthorization'; buttonId?: string }
export type Listener = (resolve: (answer: Answer) => void, about: { referrer: string }) => void

/** The calls of the privacy declaration (docs/miniprogram.md). */
const PRIVATE = new Set([
  ...['chooseMedia', 'chooseImage', 'getLocation', 'saveImageToPhotosAlbum', 'setClipboardData'],
  'addPhoneCalendar',
  'requirePrivacyAuthorize',
])
const REFUSED = 'privacy permission is not authorized'

let listener: Listener | undefined
let pressed = '' // the id of the button that was last used to agree

export const askedBy = (asks: Listener | undefined): void => {
  listener = asks
}

/** Called by a button with open-type agreePrivacyAuthorization. */
export const agreeBy = (button: string): void => {
  pressed = button
}

/** Wait until the user has agreed; throws WeChat's error when they do not, or the button was not theirs to press. */
export async function agreedToPrivacy(call: string): Promise<void> {
  if (harness.privacyAgreed || !PRIVATE.has(call)) return
  pressed = ''
  const { event, buttonId } = await new Promise<Answer>((resolve) =>
    listener ? listener(resolve, { referrer: call }) : resolve({ event: 'disagree' }),
  )
  if (event === 'exposureAuthorization') return
  if (event !== 'agree' || !buttonId || buttonId !== pressed) throw new Error(REFUSED)
  harness.privacyAgreed = true
}
