/** Who one is: signing in as a person of the demo street, permission to send messages, the account itself. */
import { hooks, note } from '../hooks'
import { persona } from '../persona'
import { answer, type Asked } from './answer'

/** The code names the persona: `demo:resident`; in the browser the program exchanges it at /auth/demo. */
export const login = (options?: Asked) => answer('login', options, () => ({ code: `demo:${persona()}` }))
export const checkSession = (options?: Asked) => answer('checkSession', options, () => undefined)

export const requestSubscribeMessage = (options: Asked & { tmplIds: string[] }) =>
  answer('requestSubscribeMessage', options, () => {
    note('requestSubscribeMessage', options)
    if (options.tmplIds.length > 3) throw new Error('Templates count out of max bounds')
    return Object.fromEntries(options.tmplIds.map((id) => [id, hooks.subscribe]))
  })

const account = { miniProgram: { appId: 'browser', envVersion: 'develop' as const, version: '' }, plugin: {} }
export const getAccountInfoSync = () => account

export const getSetting = (options?: Asked) => answer('getSetting', options, () => ({ authSetting: {}, subscriptionsSetting: { mainSwitch: true, itemSettings: {} } }))
export const openSetting = (options?: Asked) => answer('openSetting', options, () => ({ authSetting: {} }))
export const authorize = (options: Asked & { scope: string }) => answer('authorize', options, () => undefined)
export const getUserProfile = (options?: Asked) => answer('getUserProfile', options, () => ({ userInfo: { nickName: '微信用户', avatarUrl: '' } }))
