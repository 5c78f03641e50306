/** Files as WeChat keeps them: temporary ones are gone with the window, saved ones (`wxfile://usr/…`) stay with the persona. */
import { persona } from './persona'

const SAVED = 'wxfile://usr/'
const temporary = new Map<string, Blob>()
const shown = new Map<string, string>()

/** Keep `blob` for as long as the window is open; returns its path. */
export function keep(blob: Blob): string {
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
export async function save(blob: Blob, path = `${SAVED}${crypto.randomUUID()}`): Promise<string> {
  await act('readwrite', (files) => files.put(blob, path))
  return path
}

/** Return the file at `path`; throws what WeChat says when there is none. */
export async function read(path: string): Promise<Blob> {
  const blob = temporary.get(path) ?? (path.startsWith(SAVED) ? await act<Blob | undefined>('readonly', (files) => files.get(path)) : undefined)
  if (!blob) throw new Error(`no such file or directory ${path}`)
  return blob
}

export async function remove(path: string): Promise<void> {
  await read(path)
  temporary.delete(path)
  if (path.startsWith(SAVED)) await act('readwrite', (files) => files.delete(path))
}

export const saved = async (): Promise<string[]> => (await act('readonly', (files) => files.getAllKeys())) as string[]

/** Return what a browser can show for an image's `src`, '' for nothing. */
export async function addressOf(src: string): Promise<string> {
  if (src.startsWith(SAVED)) {
    if (!shown.has(src)) shown.set(src, await read(src).then(URL.createObjectURL, () => ''))
    return shown.get(src)!
  }
  if (!src || /^(data|blob|https?):/.test(src)) return src
  return `/app/${src.replace(/^(\.\.?\/)*\/?/, '')}`
}
