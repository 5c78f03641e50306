/** Between pages, and what stands in their bars. */
import { setBadge, setTitle } from '../bars'
import { manifest } from '../manifest'
import { refresh, refreshed } from '../scrolling'
import { back, depth, push, relaunch, replace, switchTo, top } from '../stack'
import { answer, type Asked } from './answer'

type To = Asked & { url: string }

export const navigateTo = (options: To & { events?: Record<string, (data: unknown) => void> }) =>
  answer('navigateTo', options, () => {
    const channel = new Channel(options.events ?? {})
    push(options.url)
    return { eventChannel: channel }
  })
export const redirectTo = (options: To) => answer('redirectTo', options, () => void replace(options.url))
export const reLaunch = (options: To) => answer('reLaunch', options, () => void relaunch(options.url))
export const switchTab = (options: To) => answer('switchTab', options, () => void switchTo(options.url))
export const navigateBack = (options: Asked & { delta?: number } = {}) =>
  answer('navigateBack', options, () => {
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

export const setNavigationBarTitle = (options: Asked & { title: string }) => answer('setNavigationBarTitle', options, () => setTitle(top(), options.title))
export const setNavigationBarColor = (options: Asked & { frontColor: string; backgroundColor: string }) =>
  answer('setNavigationBarColor', options, () => {
    const bar = top()!.element.querySelector<HTMLElement>('.navigation-bar')!
    bar.style.color = options.frontColor
    bar.style.background = options.backgroundColor
  })
export const showNavigationBarLoading = (options?: Asked) => answer('showNavigationBarLoading', options, () => undefined)
export const hideNavigationBarLoading = (options?: Asked) => answer('hideNavigationBarLoading', options, () => undefined)
export const hideHomeButton = (options?: Asked) =>
  answer('hideHomeButton', options, () => void top()?.element.querySelector('.leave.home')?.setAttribute('hidden', ''))

type Index = Asked & { index: number; text?: string }
const onTab = (index: number): void => {
  if (!manifest.app.tabBar?.list[index]) throw new Error('tabbar item not found')
}
export const setTabBarBadge = (options: Index) => answer('setTabBarBadge', options, () => (onTab(options.index), setBadge(options.index, options.text ?? '')))
export const removeTabBarBadge = (options: Index) => answer('removeTabBarBadge', options, () => (onTab(options.index), setBadge(options.index, '')))
export const showTabBarRedDot = (options: Index) => answer('showTabBarRedDot', options, () => (onTab(options.index), setBadge(options.index, '•')))
export const hideTabBarRedDot = removeTabBarBadge
export const setTabBarItem = (options: Index & { iconPath?: string }) =>
  answer('setTabBarItem', options, () => {
    onTab(options.index)
    for (const bar of document.querySelectorAll('.tab-bar')) if (options.text) bar.children[options.index]!.querySelector('.label')!.textContent = options.text
  })
export const hideTabBar = (options?: Asked) => answer('hideTabBar', options, () => document.querySelectorAll('.tab-bar').forEach((bar) => bar.toggleAttribute('hidden', true)))
export const showTabBar = (options?: Asked) => answer('showTabBar', options, () => document.querySelectorAll('.tab-bar').forEach((bar) => bar.toggleAttribute('hidden', false)))

export const startPullDownRefresh = (options?: Asked) => answer('startPullDownRefresh', options, () => refresh(top()))
export const stopPullDownRefresh = (options?: Asked) => answer('stopPullDownRefresh', options, () => refreshed(top()))
