// Photos are private, and <image> sends no token: they are fetched here once and shown from the phone.
import { base } from './config'
import { signedIn } from './request'
import { store } from './store'
import { broken, headers, refusal } from './wire'

const shown = new Map<string, Promise<string>>()
const MOST = 200
store.watch((changed) => 'me' in changed && !changed.me && shown.clear()) // the next one at this phone has other eyes

/** Return a path that <image> can show. */
export function picture(url: string): Promise<string> {
  if (!url.startsWith('/api/')) return Promise.resolve(url)
  let found = shown.get(url)
  if (!found) {
    found = signedIn((bearer) => fetched(url, bearer))
    found.catch(() => shown.delete(url)) // next time again
    shown.set(url, found)
    if (shown.size > MOST) shown.delete(shown.keys().next().value as string)
  }
  return found
}

function fetched(url: string, bearer: string): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url: base + url,
      header: headers({}, bearer),
      success: (got) => (got.statusCode < 300 ? resolve(got.tempFilePath) : reject(refusal({ statusCode: got.statusCode, data: '' }))),
      fail: (error) => reject(broken(error)),
    })
  })
}
