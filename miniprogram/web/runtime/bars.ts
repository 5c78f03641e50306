/** The navigation bar above a page and the tab bar below it. */
import type { Layer } from './layers'
import { dark, manifest, type PageConfig, tabs, themeColour } from './manifest'

interface BarOptions {
  depth: number
  config: PageConfig
  isTab: boolean
}

const make = (name: string, text = ''): HTMLElement => {
  const element = document.createElement('div')
  element.className = name
  element.textContent = text
  return element
}

/** Add the bars to a page. */
export function addBars(layer: Layer, { depth, config, isTab }: BarOptions): void {
  layer.element.prepend(navigationBar(config, depth, isTab))
  if (isTab && !manifest.app.tabBar?.custom) layer.element.append(tabBar(layer.path))
  layer.scroller.style.background = themeColour(config.backgroundColor) ?? ''
}

function navigationBar(config: PageConfig, depth: number, isTab: boolean): HTMLElement {
  const bar = make('navigation-bar')
  bar.role = 'banner'
  bar.hidden = config.navigationStyle === 'custom'
  const leave = document.createElement('button')
  leave.className = depth > 1 ? 'leave back' : 'leave home'
  leave.ariaLabel = depth > 1 ? '返回' : '首页'
  leave.hidden = depth === 1 && isTab
  leave.addEventListener('click', () =>
    depth > 1
      ? wx.navigateBack()
      : wx.reLaunch({ url: `/${manifest.app.entryPagePath ?? manifest.app.pages[0]}` }),
  )
  const title = make('title', config.navigationBarTitleText)
  title.role = 'heading'
  title.ariaLevel = '1'
  bar.append(leave, title, make('capsule'))
  const paint = () => {
    bar.style.background =
      themeColour(config.navigationBarBackgroundColor) ?? (dark.matches ? '#111' : '#fff')
    bar.style.color = themeColour(config.navigationBarTextStyle) === 'white' ? '#fff' : '#000'
  }
  paint()
  dark.addEventListener('change', paint)
  return bar
}

const badges = new Map<number, string>()

function tabBar(path: string): HTMLElement {
  const bar = make('tab-bar')
  bar.setAttribute('role', 'tablist')
  const { color, selectedColor, backgroundColor } = manifest.app.tabBar!
  tabs().forEach((tab, index) => {
    const item = document.createElement('button')
    const chosen = tab.pagePath === path
    item.setAttribute('role', 'tab')
    item.ariaSelected = String(chosen)
    const icon = chosen ? (tab.selectedIconPath ?? tab.iconPath) : tab.iconPath
    if (icon) {
      const image = document.createElement('img')
      image.src = `/app/${icon.replace(/^\//, '')}`
      image.alt = ''
      item.append(image)
    }
    item.append(make('label', tab.text), make('badge', badges.get(index) ?? ''))
    item.style.color = themeColour(chosen ? selectedColor : color) ?? ''
    item.addEventListener('click', () => wx.switchTab({ url: `/${tab.pagePath}` }))
    bar.append(item)
  })
  bar.style.background = themeColour(backgroundColor) ?? ''
  return bar
}

/** Set a badge on every tab bar; '' removes it, '•' is a red dot. */
export function setBadge(index: number, text: string): void {
  badges.set(index, text)
  for (const bar of document.querySelectorAll('.tab-bar'))
    bar.children[index]!.querySelector('.badge')!.textContent = text
}

export const setTitle = (layer: Layer | undefined, text: string): void => {
  layer?.element.querySelector('.navigation-bar .title')?.replaceChildren(text)
  document.title = text || '楼灯'
}

/** Set the height between the bars as a style variable. */
export function setWindowHeight({ element, scroller }: Layer): void {
  const measure = () => element.style.setProperty('--vh', `${scroller.clientHeight / 100}px`)
  new ResizeObserver(measure).observe(scroller)
  measure()
}
