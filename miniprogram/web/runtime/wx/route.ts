/** Navigation between pages, titles and badges. */
import { setBadge, setTitle } from '../bars'
import { manifest } from '../manifest'
import { startRefresh, endRefresh } from '../scrolling'
import { back, depth, push, relaunch, replace, switchTo, top } from '../stack'
import { asyncCall, type CallOptions } from './asyncCall'

type To = CallOptions & { url: string }

export const navigateTo = (options: To & { events?: Record<string, (data: unknown) => void> }) =>
  asyncCall('navigateTo', options, () => {
    const channel = new Channel(options.events ?? {})
    push(options.url)
    return { eventChannel: channel }
  })
export const redirectTo = (options: To) => asyncCall('redirectTo', options, () => void replace(options.url))
export const reLaunch = (options: To) => asyncCall('reLaunch', options, () => void relaunch(options.url))
export const switchTab = (options: To) => asyncCall('switchTab', options, () => void switchTo(options.url))
export const navigateBack = (options: CallOptions & { delta?: number } = {}) =>
  asyncCall('navigateBack', options, () => {
    if (depth() < 2) throw new Error('cannot navigate back at first page.')
    back(options.delta)
  })

class Channel {
  private readonly heard = new Map<string, ((data: unknown) => void)[]>()
  constructor(events: Record<string, (data: unknown) => void>) {
    for (const [name, listener] of Object.entries(events)) this.heard.set(name, [listener])
  }
  emit(name: string, data: unknown): void {
    this.heard.get(name)?.forEach((listener) => listener(data))
  }
  on(name: string, listener: (data: unknown) => void): void {
    this.heard.set(name, [...(this.heard.get(name) ?? []), listener])
  }
}

export const setNavigationBarTitle = (options: CallOptions & { title: string }) =>
  asyncCall('setNavigationBarTitle', options, () => setTitle(top(), options.title))
export const setNavigationBarColor = (
  options: CallOptions & { frontColor: string; backgroundColor: string },
) =>
  asyncCall('setNavigationBarColor', options, () => {
    const bar = top()!.element.querySelector<HTMLElement>('.navigation-bar')!
    bar.style.color = options.frontColor
    bar.style.background = options.backgroundColor
  })
export const showNavigationBarLoading = (options?: CallOptions) =>
  asyncCall('showNavigationBarLoading', options, () => undefined)
export const hideNavigationBarLoading = (options?: CallOptions) =>
  asyncCall('hideNavigationBarLoading', options, () => undefined)
export const hideHomeButton = (options?: CallOptions) =>
  asyncCall(
    'hideHomeButton',
    options,
    () => void top()?.element.querySelector('.leave.home')?.setAttribute('hidden', ''),
  )

type Index = CallOptions & { index: number; text?: string }
const onTab = (index: number): void => {
  if (!manifest.app.tabBar?.list[index]) throw new Error('tabbar item not found')
}
export const setTabBarBadge = (options: Index) =>
  asyncCall(
    'setTabBarBadge',
    options,
    () => (onTab(options.index), setBadge(options.index, options.text ?? '')),
  )
export const removeTabBarBadge = (options: Index) =>
  asyncCall('removeTabBarBadge', options, () => (onTab(options.index), setBadge(options.index, '')))
export const showTabBarRedDot = (options: Index) =>
  asyncCall('showTabBarRedDot', options, () => (onTab(options.index), setBadge(options.index, '•')))
export const hideTabBarRedDot = removeTabBarBadge
export const setTabBarItem = (options: Index & { iconPath?: string }) =>
  asyncCall('setTabBarItem', options, () => {
    onTab(options.index)
    for (const bar of document.querySelectorAll('.tab-bar'))
      if (options.text) bar.children[options.index]!.querySelector('.label')!.textContent = options.text
  })
export const hideTabBar = (options?: CallOptions) =>
  asyncCall('hideTabBar', options, () =>
    document.querySelectorAll('.tab-bar').forEach((bar) => bar.toggleAttribute('hidden', true)),
  )
export const showTabBar = (options?: CallOptions) =>
  asyncCall('showTabBar', options, () =>
    document.querySelectorAll('.tab-bar').forEach((bar) => bar.toggleAttribute('hidden', false)),
  )

export const startPullDownRefresh = (options?: CallOptions) =>
  asyncCall('startPullDownRefresh', options, () => startRefresh(top()))
export const stopPullDownRefresh = (options?: CallOptions) =>
  asyncCall('stopPullDownRefresh', options, () => endRefresh(top()))
