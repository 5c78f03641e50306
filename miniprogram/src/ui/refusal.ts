// A call of WeChat's that was refused: by the user, by the phone, or because the privacy declaration of the
// mini-program does not list it (docs/miniprogram.md).
import { wordsOf } from '../i18n/index'
import { ask } from './ask'

const CANCELLED = /cancel/i
const DENIED = /auth\w* (den|no response)/i // refused once; WeChat does not ask again by itself

/** Say what did not work, unless the user cancelled it; who denied it before is shown the way to the settings. */
export async function tellRefusal(
  what: 'location' | 'album' | 'camera' | 'scan' | 'clipboard' | 'calendar',
  { errMsg }: { errMsg: string },
): Promise<void> {
  if (CANCELLED.test(errMsg)) return
  const words = wordsOf('refused')
  if (what === 'clipboard' || !DENIED.test(errMsg))
    return void wx.showToast({ title: words[what], icon: 'none', duration: 3000 })
  if (await ask(words.denied, words[`${what}Denied`])) wx.openSetting({ fail: () => undefined })
}
