/** Files: temporary ones last as long as the window, saved ones (`wxfile://usr/…`) are kept for each persona. */
import { persona } from './persona'

const SAVED = 'wxfile://usr/'
const temporary = new Map<string, Blob>()
const shown = new Map<string, string>()

/** Keep `blob` while the window is open; returns its path. */
export function keepTemporary(blob: Blob): string {
  const path = URL.createObjectURL(blob)
  temporary.set(path, blob)
  return path
}

const opened = new Map<string, Promise<IDBDatabase>>()
function store(): Promise<IDBDatabase> {
  const name = `files of ${persona()}`
  const open = () =>
    new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore('files')
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('no storage'))
    })
  if (!opened.has(name)) opened.set(name, open())
  return opened.get(name)!
}

async function act<T>(mode: IDBTransactionMode, work: (files: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const request = work((await store()).transaction('files', mode).objectStore('files'))
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('storage failed'))
  })
}

/** Save under `path`, or a new path. */
export async function saveFile(blob: Blob, path = `${SAVED}${crypto.randomUUID()}`): Promise<string> {
  await act('readwrite', (files) => files.put(blob, path))
  return path
}

/** Return the file at `path`; throws WeChat's error when there is none. */
export async function readFile(path: string): Promise<Blob> {
  const blob =
    temporary.get(path) ??
    (path.startsWith(SAVED) ? await act<Blob | undefined>('readonly', (files) => files.get(path)) : undefined)
  if (!blob) throw new Error(`no such file or directory ${path}`)
  return blob
}

export async function removeFile(path: string): Promise<void> {
  await readFile(path)
  temporary.delete(path)
  if (path.startsWith(SAVED)) await act('readwrite', (files) => files.delete(path))
}

export const listSaved = async (): Promise<string[]> =>
  (await act('readonly', (files) => files.getAllKeys())) as string[]

/** Return an address a browser can show for an image's `src`; '' when there is none. */
export async function addressOf(src: string): Promise<string> {
  if (src.startsWith(SAVED)) {
    if (!shown.has(src)) shown.set(src, await readFile(src).then(URL.createObjectURL, () => ''))
    return shown.get(src)!
  }
  if (!src || /^(data|blob|https?):/.test(src)) return src
  return `/app/${src.replace(/^(\.\.?\/)*\/?/, '')}`
}
