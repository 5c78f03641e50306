/** The phone: window, system, location, lifecycle events, logs. */
import { harness, recordCall } from '../harness'
import * as over from '../overlays'
import { top } from '../stack'
import { dark } from '../manifest'
import { type Launch, launchOptions } from '../start'
import { asyncCall, type CallOptions, CallFailure } from './asyncCall'

type Listener = (result: any) => void
const theme = () => (dark.matches ? 'dark' : 'light')

export const getWindowInfo = () => {
  const screen = top()?.scroller
  const windowHeight = screen?.clientHeight ?? innerHeight
  return {
    ...{
      pixelRatio: devicePixelRatio,
      screenWidth: innerWidth,
      screenHeight: innerHeight,
      windowWidth: innerWidth,
      windowHeight,
    },
    ...{ statusBarHeight: 0, screenTop: innerHeight - windowHeight },
    safeArea: {
      left: 0,
      right: innerWidth,
      top: 0,
      bottom: innerHeight,
      width: innerWidth,
      height: innerHeight,
    },
  }
}
export const getAppBaseInfo = () => ({
  ...{
    SDKVersion: '3.8.12',
    version: '8.0.50',
    language: harness.language,
    theme: theme(),
    enableDebug: false,
    host: { appId: '' },
  },
  ...{ fontSizeSetting: 16 * harness.fontScale, fontSizeScaleFactor: harness.fontScale },
})
export const getDeviceInfo = () => ({
  brand: 'browser',
  model: 'browser',
  system: navigator.userAgent,
  platform: 'browser',
  memorySize: '0',
  benchmarkLevel: 40,
  abi: '',
})
export const getSystemSetting = () => ({
  bluetoothEnabled: false,
  locationEnabled: harness.location !== null,
  wifiEnabled: true,
  deviceOrientation: 'portrait',
})
export const getAppAuthorizeSetting = () => ({
  cameraAuthorized: 'authorized',
  locationAuthorized: harness.location ? 'authorized' : 'denied',
  notificationAuthorized: 'authorized',
  albumAuthorized: 'authorized',
})
export const getSystemInfoSync = () => ({ ...getWindowInfo(), ...getAppBaseInfo(), ...getDeviceInfo() })
export const getSystemInfo = (options?: CallOptions) => asyncCall('getSystemInfo', options, getSystemInfoSync)
export const getMenuButtonBoundingClientRect = () => ({
  width: 87,
  height: 32,
  top: 6,
  right: innerWidth - 7,
  bottom: 38,
  left: innerWidth - 94,
})
export const canIUse = (name: string): boolean => name.split('.')[0]! in wx
export const getLaunchOptionsSync = (): Launch => launchOptions()
export const getEnterOptionsSync = getLaunchOptionsSync

const watchers = {
  theme: new Set<Listener>(),
  show: new Set<Listener>(),
  hide: new Set<Listener>(),
  error: new Set<Listener>(),
  unhandled: new Set<Listener>(),
  resize: new Set<Listener>(),
}
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
document.addEventListener('visibilitychange', () =>
  tell(document.hidden ? watchers.hide : watchers.show, launchOptions()),
)
addEventListener('error', ({ message }) => tell(watchers.error, message))
addEventListener('unhandledrejection', ({ reason }) =>
  tell(watchers.unhandled, { reason: reason?.errMsg ?? reason?.message ?? String(reason) }),
)
addEventListener('resize', () =>
  tell(watchers.resize, { size: { windowWidth: innerWidth, windowHeight: innerHeight } }),
)

const updates = new Set<Listener>()
harness.updateReady = () => updates.forEach((listener) => listener(undefined))
export const getUpdateManager = () => ({
  onCheckForUpdate: (_listener: Listener) => undefined,
  onUpdateReady: (listener: Listener) => void updates.add(listener),
  onUpdateFailed: (_listener: Listener) => undefined,
  applyUpdate: () => location.reload(),
})
export const onMemoryWarning = (_listener: Listener): void => undefined

type Place = CallOptions & { latitude?: number; longitude?: number; name?: string; address?: string }
const located = () => {
  if (!harness.location) throw new CallFailure('auth deny', { errno: 2 })
  return {
    ...harness.location,
    accuracy: 30,
    speed: 0,
    altitude: 0,
    horizontalAccuracy: 30,
    verticalAccuracy: 30,
  }
}
export const getLocation = (options: Place = {}) => asyncCall('getLocation', options, located)
export const getFuzzyLocation = (options: Place = {}) => asyncCall('getFuzzyLocation', options, located)
export const chooseLocation = (options: Place = {}) =>
  asyncCall('chooseLocation', options, async () => {
    const { confirm } = await over.showQuestion({
      title: '选择位置（演示）',
      content: '使用演示街道上的位置',
      confirmText: '使用',
    })
    if (!confirm) throw new CallFailure('cancel')
    return { ...located(), name: '演示位置', address: '演示街道' }
  })
export const openLocation = (options: Place = {}) =>
  asyncCall('openLocation', options, async () => {
    recordCall('openLocation', options)
    await over.showQuestion({
      title: options.name ?? '位置',
      content: `${options.latitude}, ${options.longitude}`,
      showCancel: false,
    })
  })
export const exitMiniProgram = (options?: CallOptions) =>
  asyncCall('exitMiniProgram', options, () => recordCall('exitMiniProgram', {}))
export const openCustomerServiceChat = (options?: CallOptions) =>
  asyncCall('openCustomerServiceChat', options, () => recordCall('openCustomerServiceChat', options))
export const reportEvent = (): void => undefined
export const getLogManager = () => ({ log() {}, info() {}, warn() {}, debug() {} })
export const getRealtimeLogManager = () => ({
  info() {},
  warn() {},
  error() {},
  setFilterMsg() {},
  addFilterMsg() {},
})
