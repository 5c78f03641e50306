/** WeChat's privacy guide: asked once, before the first private call. */
import { hooks } from '../hooks'
import { answer, type Asked } from './answer'

type Resolve = (answer: { event: 'agree' | 'disagree' | 'exposureAuthorization'; buttonId?: string }) => void
let listener: ((resolve: Resolve, about: { referrer: string }) => void) | undefined
let waiting: { resolve: () => void; reject: (error: Error) => void } | undefined

export const onNeedPrivacyAuthorization = (asks: typeof listener): void => {
  listener = asks
}

/** A person agreed by a button of the program. */
export function agreed(_button: string): void {
  hooks.privacyAgreed = true
  waiting?.resolve()
}

export const getPrivacySetting = (options?: Asked) =>
  answer('getPrivacySetting', options, () => ({ needAuthorization: !hooks.privacyAgreed, privacyContractName: '《楼灯小程序隐私保护指引》' }))

export const requirePrivacyAuthorize = (options?: Asked) =>
  answer('requirePrivacyAuthorize', options, async () => {
    if (hooks.privacyAgreed) return
    await new Promise<void>((resolve, reject) => {
      waiting = { resolve, reject }
      listener?.(({ event }) => (event === 'agree' ? agreed('') : event === 'disagree' && reject(new Error('privacy permission is not authorized'))), { referrer: 'requirePrivacyAuthorize' })
    })
  })

export const openPrivacyContract = (options?: Asked) => answer('openPrivacyContract', options, () => undefined)
