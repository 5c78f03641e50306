/** Start the program, on a wide screen inside the frame of a phone. */
import { listenToKeys } from './aria'
import { showPhoneFrame } from './phoneFrame'
import { stopLateClicks } from './lateClicks'
import { mouseAsTouch } from './mouseAsTouch'
import { harness } from './harness'
import { startRefresh } from './scrolling'
import { followLanguage } from './documentLanguage'
import { app } from './framework'
import { parseQuery, firstPage, hideTop, relaunch, showTop, resolveUrl, top } from './stack'

const WIDE = 640 // CSS pixels; no phone in portrait is wider

export function start(): void {
  if (window === window.top && innerWidth > WIDE) {
    showPhoneFrame()
    return
  }
  const screen = document.createElement('div')
  screen.id = 'app'
  document.body.append(screen)
  stopLateClicks() // before anything else hears them
  mouseAsTouch()
  listenToKeys()
  followLanguage(screen)
  harness.pullDown = () => startRefresh(top())
  const first = launchOptions()
  call('onLaunch', first)
  call('onShow', first)
  relaunch(url(first))
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      hideTop()
      call('onHide')
    } else {
      call('onShow', first)
      showTop()
    }
  })
}

const call = (name: string, given?: unknown): void => {
  const handler = app?.[name]
  if (typeof handler === 'function') handler.call(app, given)
}

export interface Launch {
  path: string
  query: Record<string, string>
  scene: number
  referrerInfo: object
}

/** The page of the address (`#/pages/…?…`), else the first one; `?scene=` is the scene of a scanned code. */
export function launchOptions(): Launch {
  const scene = new URLSearchParams(location.search).get('scene')
  const fallback = { path: firstPage(), query: parseQuery(location.search.slice(1)) }
  const [path = '', ask = ''] = location.hash.slice(2).split('?')
  let chosen: { path: string; query: Record<string, string> } = fallback
  try {
    if (path) chosen = { path: resolveUrl(`/${path}`).path, query: parseQuery(ask) }
  } catch {
    // the address of a page that no longer exists: start at the first page
  }
  return { ...chosen, scene: scene ? 1047 : 1001, referrerInfo: {} }
}

const url = ({ path, query }: Launch): string =>
  `/${path}?${Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')}`
