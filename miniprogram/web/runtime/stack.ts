/** The stack of pages: open, close, show, hide. The address bar shows the page on top. */
import { addBars, setWindowHeight } from './bars'
import { type Layer, register } from './layers'
import { configOf, isTab, manifest, tabs } from './manifest'
import { backend, type Instance, space } from './framework'
import { listenToPage } from './scrolling'

export const MAX_DEPTH = 10
let layers: Layer[] = []
let number = 0

export const getCurrentPages = (): Instance[] => layers.map(({ page }) => page)
export const top = (): Layer | undefined => layers.at(-1)
export const depth = (): number => layers.length

/** Resolve `/pages/x?a=1` relative to the page on top. Throws WeChat's error for an unknown page. */
export function resolveUrl(url: string): { path: string; query: Record<string, string> } {
  const [where = '', ask = ''] = url.split('?')
  const base = new URL(top()?.path ?? '', 'http://x/')
  const path = new URL(where || '.', base).pathname.slice(1)
  if (!manifest.pages.includes(path)) throw new Error(`page "${path}" is not found`)
  return { path, query: parseQuery(ask) }
}

/** Parse a query string as WeChat does: the page has to decode the values. */
export const parseQuery = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('&')
      .filter(Boolean)
      .map((pair) => {
        const [name = '', ...value] = pair.split('=')
        return [name, value.join('=')]
      }),
  )

const addressOf = ({ path, query }: Pick<Layer, 'path' | 'query'>): string => {
  const ask = Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return `#/${path}${ask ? `?${ask}` : ''}`
}

export const push = (url: string): Layer => {
  const to = resolveUrl(url)
  if (isTab(to.path)) throw new Error('can not navigateTo a tabbar page')
  if (layers.length >= MAX_DEPTH) throw new Error('webview count limit exceed')
  hide(top())
  const layer = open(to)
  history.pushState({ depth: layers.length }, '', addressOf(layer))
  return layer
}

export const replace = (url: string): Layer => {
  const to = resolveUrl(url)
  if (isTab(to.path)) throw new Error('can not redirectTo a tabbar page')
  const old = layers.pop()
  const layer = open(to)
  if (old) close(old)
  return remembered(layer)
}

export const relaunch = (url: string): Layer => {
  const to = resolveUrl(url)
  const old = [...kept(), ...layers]
  layers = []
  tabPages.clear()
  const layer = open(to)
  old.forEach(close)
  return remembered(layer)
}

/** Pages of tabs stay in memory while another tab is shown. */
const tabPages = new Map<string, Layer>()
const kept = () => [...tabPages.values()].filter((layer) => !layers.includes(layer))

export function switchTo(url: string): Layer {
  const { path } = resolveUrl(url)
  if (!isTab(path)) throw new Error('can not switch to no-tabBar page')
  const current = top()
  if (current?.path === path) return current
  const leaving = layers.filter((layer) => !isTab(layer.path))
  hide(current)
  leaving.reverse().forEach(close)
  const alive = tabPages.get(path)
  layers = alive ? [alive] : []
  if (!alive) return remembered(open({ path, query: {} }))
  show(alive)
  return remembered(alive)
}

export function back(delta = 1): void {
  const leaving = Math.min(delta, layers.length - 1)
  if (leaving <= 0) return
  pop(leaving)
  ignored += 1
  history.go(-leaving)
}

function pop(count: number): void {
  for (const layer of layers.splice(-count).reverse()) close(layer)
  show(top())
}

const remembered = (layer: Layer): Layer => {
  history.replaceState({ depth: layers.length }, '', addressOf(layer))
  return layer
}

let ignored = 0
addEventListener('popstate', (event) => {
  if (ignored > 0) {
    ignored -= 1
    return
  }
  const wanted = (event.state as { depth?: number } | null)?.depth
  if (wanted !== undefined && wanted < layers.length) pop(layers.length - wanted)
  else if (wanted === undefined && location.hash) relaunch(location.hash.slice(1))
  else if (top()) remembered(top()!)
})

function open({ path, query }: { path: string; query: Record<string, string> }): Layer {
  const element = document.createElement('div')
  element.className = 'layer'
  const scroller = document.createElement('div')
  scroller.className = 'scroller'
  scroller.tabIndex = 0 // a page without anything to tap is scrolled by keys, too
  const screen = document.createElement('div')
  screen.className = 'screen'
  screen.append(scroller)
  element.append(screen)
  document.querySelector('#app')!.append(element)
  const page = root('wx-page', path, scroller)
  page.getBackendElement()!.setAttribute('is', path)
  page.getBackendElement()!.role = 'main'
  const layer: Layer = {
    ...{
      id: (number += 1),
      path,
      query,
      element,
      scroller,
      page: page.getMethodCaller() as unknown as Instance,
    },
    get top() {
      return screen.getBoundingClientRect().top
    },
  }
  Object.assign(layer.page, { route: path, options: query, __displayReporter: undefined })
  register(layer)
  layers.push(layer)
  if (isTab(path)) tabPages.set(path, layer)
  addBars(layer, { depth: layers.length, config: configOf(path), isTab: isTab(path) })
  if (isTab(path) && manifest.app.tabBar?.custom) layer.tabBar = customTabBar(element)
  listenToPage(layer, configOf(path))
  setWindowHeight(layer)
  attach.get(page)!()
  callHandler(layer, 'onLoad', query)
  show(layer)
  requestAnimationFrame(() => callHandler(layer, 'onReady'))
  return layer
}

const attach = new WeakMap<object, () => void>()
const release = new WeakMap<object, () => void>()
function root(tag: string, path: string, parent: HTMLElement) {
  const root = backend.createRoot(tag, space, path)
  const placeholder = document.createElement('div')
  parent.append(placeholder)
  const component = root.getComponent()
  attach.set(component, () => root.attach(parent as never, placeholder as never))
  release.set(component, () => root.release())
  return component as any
}

function customTabBar(parent: HTMLElement): Instance {
  const holder = document.createElement('wx-page') // styles of `page` also apply to its tab bar
  holder.className = 'custom-tab-bar'
  holder.role = 'navigation'
  parent.append(holder)
  const component = root('wx-tab-bar', 'custom-tab-bar/index', holder)
  attach.get(component)!()
  return component.getMethodCaller() as Instance
}

function show(layer: Layer | undefined): void {
  if (!layer) return
  layer.element.hidden = false
  document.title = configOf(layer.path).navigationBarTitleText || '楼灯'
  callHandler(layer, 'onShow')
  ;(layer.page._$ as any).triggerPageLifetime('show', [])
}

function hide(layer: Layer | undefined): void {
  if (!layer) return
  callHandler(layer, 'onHide')
  ;(layer.page._$ as any).triggerPageLifetime('hide', [])
  layer.element.hidden = true
}

function close(layer: Layer): void {
  if (tabPages.get(layer.path) === layer) tabPages.delete(layer.path)
  callHandler(layer, 'onUnload')
  release.get(layer.page._$)!()
  if (layer.tabBar) release.get(layer.tabBar._$)!()
  layer.element.remove()
}

/** Call a handler of the page, if it has one. */
export function callHandler(layer: Layer | undefined, name: string, ...given: unknown[]): unknown {
  const handler = layer?.page[name]
  return typeof handler === 'function' ? handler.apply(layer!.page, given) : undefined
}

export const showTop = (): void => show(top())
export const hideTop = (): void => {
  callHandler(top(), 'onHide')
}
export const firstPage = (): string =>
  manifest.app.entryPagePath ?? tabs()[0]?.pagePath ?? manifest.app.pages[0]!
