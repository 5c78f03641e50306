/** Begin: draw the phone around the program on a wide screen, else launch the program on its first page. */
import { frame } from './frame'
import { mouseIsTouch } from './fingers'
import { hooks } from './hooks'
import { refresh } from './scrolling'
import { app } from './space'
import { asked, firstPage, hideTop, relaunch, showTop, target, top } from './stack'

const WIDE = 640 // CSS pixels: no telephone held upright is wider

export function start(): void {
  if (window === window.top && innerWidth > WIDE) {
    frame()
    return
  }
  const screen = document.createElement('div')
  screen.id = 'app'
  document.body.append(screen)
  mouseIsTouch()
  hooks.pullDown = () => refresh(top())
  const first = launchedWith()
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

/** The page asked for by the address, `#/pages/…?…`, or the first; `?scene=` is what a scanned code says. */
export function launchedWith(): Launch {
  const scene = new URLSearchParams(location.search).get('scene')
  const fallback = { path: firstPage(), query: asked(location.search.slice(1)) }
  const [path = '', ask = ''] = location.hash.slice(2).split('?')
  let chosen: { path: string; query: Record<string, string> } = fallback
  try {
    if (path) chosen = { path: target(`/${path}`).path, query: asked(ask) }
  } catch {
    // an address from before: begin at the first page
  }
  return { ...chosen, scene: scene ? 1047 : 1001, referrerInfo: {} }
}

const url = ({ path, query }: Launch): string => `/${path}?${Object.entries(query).map(([name, value]) => `${name}=${value}`).join('&')}`
