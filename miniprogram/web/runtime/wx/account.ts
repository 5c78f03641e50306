/** Login as a demo persona, subscription messages, account information. */
import { harness, recordCall } from '../harness'
import * as over from '../overlays'
import { persona } from '../persona'
import { isTapping } from '../tap'
import { asyncCall, type CallOptions, CallFailure } from './asyncCall'

/** The code contains the persona: `demo:resident`. In the browser the program sends it to /auth/demo. */
export const login = (options?: CallOptions) =>
  asyncCall('login', options, () => ({ code: `demo:${persona()}` }))
export const checkSession = (options?: CallOptions) => asyncCall('checkSession', options, () => undefined)

const MOST_TEMPLATES = 3
/** What the user has told WeChat to answer by itself from now on. */
const always: Record<string, 'accept' | 'reject'> = {}

export const requestSubscribeMessage = (options: CallOptions & { tmplIds: string[] }) => {
  const tapped = isTapping() // it is over when the call goes on
  return asyncCall('requestSubscribeMessage', options, async () => {
    recordCall('requestSubscribeMessage', options)
    const { tmplIds } = options
    if (!tapped) throw new CallFailure('can only be invoked by user TAP gesture.', { errCode: 20001 })
    if (tmplIds.length > MOST_TEMPLATES) throw new Error('Templates count out of max bounds')
    const open = tmplIds.filter((id) => !always[id])
    const { answer, keep } =
      harness.subscribe || !open.length
        ? { answer: harness.subscribe ?? 'accept', keep: false }
        : await over.askToSubscribe(open)
    if (keep) for (const id of open) always[id] = answer
    return Object.fromEntries(tmplIds.map((id) => [id, always[id] ?? answer]))
  })
}

const account = { miniProgram: { appId: 'browser', envVersion: 'develop' as const, version: '' }, plugin: {} }
export const getAccountInfoSync = () => account

export const getSetting = (options?: CallOptions & { withSubscriptions?: boolean }) =>
  asyncCall('getSetting', options, () => ({
    authSetting: {},
    ...(options?.withSubscriptions
      ? { subscriptionsSetting: { mainSwitch: true, itemSettings: { ...always } } }
      : {}),
  }))
/** The user allows there what they had refused. */
export const openSetting = (options?: CallOptions) =>
  asyncCall('openSetting', options, () => {
    recordCall('openSetting', {})
    harness.refuse = {}
    return { authSetting: {} }
  })
export const authorize = (options: CallOptions & { scope: string }) =>
  asyncCall('authorize', options, () => undefined)
export const getUserProfile = (options?: CallOptions) =>
  asyncCall('getUserProfile', options, () => ({ userInfo: { nickName: '微信用户', avatarUrl: '' } }))
