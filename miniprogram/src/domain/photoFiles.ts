// Photos from the server as files on the phone. They are private, and <image> sends no token.
import { downloadFile } from '../platform/upload'
import { store } from './store'

const files = new Map<string, Promise<string>>()
const LIMIT = 200
store.watch((changed) => 'me' in changed && !changed.me && files.clear()) // the next person may see others

/** Return a path that <image> can show; a photo is downloaded once. */
export function photoFile(url: string): Promise<string> {
  if (!url.startsWith('/api/')) return Promise.resolve(url)
  let file = files.get(url)
  if (!file) {
    file = downloadFile(url).then(({ filePath }) => filePath)
    file.catch(() => files.delete(url)) // try again next time
    files.set(url, file)
    if (files.size > LIMIT) files.delete(files.keys().next().value as string)
  }
  return file
}
