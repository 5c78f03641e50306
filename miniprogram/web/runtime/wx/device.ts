/** The telephone and the program's place on it. */
import { hooks, note } from '../hooks'
import * as over from '../over'
import { top } from '../stack'
import { dark } from '../manifest'
import { type Launch, launchedWith } from '../start'
import { answer, type Asked, Failure } from './answer'

type Listener = (result: any) => void
const theme = () => (dark.matches ? 'dark' : 'light')

export const getWindowInfo = () => {
  const screen = top()?.scroller
  const windowHeight = screen?.clientHeight ?? innerHeight
  return {
    ...{ pixelRatio: devicePixelRatio, screenWidth: innerWidth, screenHeight: innerHeight, windowWidth: innerWidth, windowHeight },
    ...{ statusBarHeight: 0, screenTop: innerHeight - windowHeight },
    safeArea: { left: 0, right: innerWidth, top: 0, bottom: innerHeight, width: innerWidth, height: innerHeight },
  }
}
export const getAppBaseInfo = () => ({
  ...{ SDKVersion: '3.8.0', version: '8.0.50', language: hooks.language, theme: theme(), enableDebug: false, host: { appId: '' } },
  ...{ fontSizeSetting: 16 * hooks.fontScale, fontSizeScaleFactor: hooks.fontScale },
})
export const getDeviceInfo = () => ({ brand: 'browser', model: 'browser', system: navigator.userAgent, platform: 'browser', memorySize: '0', benchmarkLevel: 40, abi: '' })
export const getSystemSetting = () => ({ bluetoothEnabled: false, locationEnabled: hooks.location !== null, wifiEnabled: true, deviceOrientation: 'portrait' })
export const getAppAuthorizeSetting = () => ({ cameraAuthorized: 'authorized', locationAuthorized: hooks.location ? 'authorized' : 'denied', notificationAuthorized: 'authorized', albumAuthorized: 'authorized' })
export const getSystemInfoSync = () => ({ ...getWindowInfo(), ...getAppBaseInfo(), ...getDeviceInfo() })
export const getSystemInfo = (options?: Asked) => answer('getSystemInfo', options, getSystemInfoSync)
export const getMenuButtonBoundingClientRect = () => ({ width: 87, height: 32, top: 6, right: innerWidth - 7, bottom: 38, left: innerWidth - 94 })
export const canIUse = (name: string): boolean => name.split('.')[0]! in wx
export const getLaunchOptionsSync = (): Launch => launchedWith()
export const getEnterOptionsSync = getLaunchOptionsSync

const watchers = { theme: new Set<Listener>(), show: new Set<Listener>(), hide: new Set<Listener>(), error: new Set<Listener>(), unhandled: new Set<Listener>(), resize: new Set<Listener>() }
const watch = (set: Set<Listener>) => ({
  on: (listener: Listener): void => void set.add(listener),
  off: (listener?: Listener): void => (listener ? void set.delete(listener) : set.clear()),
})
export const { on: onThemeChange, off: offThemeChange } = watch(watchers.theme)
export const { on: onAppShow, off: offAppShow } = watch(watchers.show)
export const { on: onAppHide, off: offAppHide } = watch(watchers.hide)
export const { on: onError, off: offError } = watch(watchers.error)
export const { on: onUnhandledRejection, off: offUnhandledRejection } = watch(watchers.unhandled)
export const { on: onWindowResize, off: offWindowResize } = watch(watchers.resize)
const tell = (set: Set<Listener>, result: unknown): void => set.forEach((listener) => listener(result))
dark.addEventListener('change', () => tell(watchers.theme, { theme: theme() }))
document.addEventListener('visibilitychange', () => tell(document.hidden ? watchers.hide : watchers.show, launchedWith()))
addEventListener('error', ({ message }) => tell(watchers.error, message))
addEventListener('unhandledrejection', ({ reason }) => tell(watchers.unhandled, { reason: reason?.errMsg ?? reason?.message ?? String(reason) }))
addEventListener('resize', () => tell(watchers.resize, { size: { windowWidth: innerWidth, windowHeight: innerHeight } }))

export const getUpdateManager = () => ({ onCheckForUpdate: (_listener: Listener) => undefined, onUpdateReady: (_listener: Listener) => undefined, onUpdateFailed: (_listener: Listener) => undefined, applyUpdate: () => location.reload() })
export const onMemoryWarning = (_listener: Listener): void => undefined

type Place = Asked & { latitude?: number; longitude?: number; name?: string; address?: string }
const located = () => {
  if (!hooks.location) throw new Failure('auth deny', { errno: 2 })
  return { ...hooks.location, accuracy: 30, speed: 0, altitude: 0, horizontalAccuracy: 30, verticalAccuracy: 30 }
}
export const getLocation = (options: Place = {}) => answer('getLocation', options, located)
export const getFuzzyLocation = (options: Place = {}) => answer('getFuzzyLocation', options, located)
export const chooseLocation = (options: Place = {}) =>
  answer('chooseLocation', options, async () => {
    const { confirm } = await over.ask({ title: '选择位置（演示）', content: '使用演示街道上的位置', confirmText: '使用' })
    if (!confirm) throw new Failure('cancel')
    return { ...located(), name: '演示位置', address: '演示街道' }
  })
export const openLocation = (options: Place = {}) =>
  answer('openLocation', options, async () => {
    note('openLocation', options)
    await over.ask({ title: options.name ?? '位置', content: `${options.latitude}, ${options.longitude}`, showCancel: false })
  })
export const exitMiniProgram = (options?: Asked) => answer('exitMiniProgram', options, () => note('exitMiniProgram', {}))
export const openCustomerServiceChat = (options?: Asked) => answer('openCustomerServiceChat', options, () => note('openCustomerServiceChat', options))
export const reportEvent = (): void => undefined
export const getLogManager = () => ({ log() {}, info() {}, warn() {}, debug() {} })
export const getRealtimeLogManager = () => ({ info() {}, warn() {}, error() {}, setFilterMsg() {}, addFilterMsg() {} })
