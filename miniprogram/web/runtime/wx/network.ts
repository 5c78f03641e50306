/** Requests, uploads, downloads, and the state of the network. */
import { harness } from '../harness'
import { keepTemporary, readFile } from '../files'
import { type CallOptions, CallFailure } from './asyncCall'

type Listener = (result: any) => void

interface Sending extends CallOptions {
  url: string
  header?: Record<string, string>
  timeout?: number
}
interface Request extends Sending {
  method?: string
  data?: unknown
  dataType?: string
  responseType?: 'text' | 'arraybuffer'
}
interface Upload extends Sending {
  filePath: string
  name: string
  formData?: Record<string, string>
}
interface Download extends Sending {
  filePath?: string
}

class Task {
  readonly aborting = new AbortController()
  private readonly progress: Listener[] = []
  private readonly heads: Listener[] = []
  abort(): void {
    this.aborting.abort()
  }
  onProgressUpdate(listener: Listener): void {
    this.progress.push(listener)
  }
  offProgressUpdate(): void {
    this.progress.length = 0
  }
  onHeadersReceived(listener: Listener): void {
    this.heads.push(listener)
  }
  offHeadersReceived(): void {
    this.heads.length = 0
  }
  head(header: Record<string, string>): void {
    for (const listener of this.heads) listener({ header })
  }
  went(done: number, all: number): void {
    const progress = Math.round((done / all) * 100)
    for (const listener of this.progress)
      listener({
        progress,
        totalBytesSent: done,
        totalBytesExpectedToSend: all,
        totalBytesWritten: done,
        totalBytesExpectedToWrite: all,
      })
  }
}

/** Run a task as WeChat does: with callbacks, and with `then` for callers that await it. */
function run<T extends object>(name: string, options: Sending, work: (task: Task) => Promise<T>): Task {
  const task = new Task()
  const timer = setTimeout(
    () => task.aborting.abort(new CallFailure('timeout', { errno: 5 })),
    options.timeout ?? 60_000,
  )
  const begun = async () => {
    await permitted(options.url, task)
    return { ...(await work(task)), errMsg: `${name}:ok` }
  }
  const told = begun().then(
    (result) => () => (options.success?.(result), options.complete?.(result)),
    (error: unknown) => () => {
      const reason = task.aborting.signal.aborted ? (task.aborting.signal.reason as Error) : (error as Error)
      const message =
        reason instanceof CallFailure
          ? reason.message
          : reason?.name === 'AbortError'
            ? 'abort'
            : reason?.message
      const failure = { errMsg: `${name}:fail ${message}`, errno: 600001 }
      options.fail?.(failure)
      options.complete?.(failure)
    },
  )
  void told.then((tell) => {
    clearTimeout(timer)
    tell()
  })
  return task
}

/** Wait as long as `harness.slow` says, and refuse addresses of other servers. */
async function permitted(url: string, { aborting }: Task): Promise<void> {
  if (harness.slow) await new Promise((resolve) => setTimeout(resolve, harness.slow))
  if (aborting.signal.aborted) throw aborting.signal.reason
  if (harness.offline || !navigator.onLine) throw new CallFailure('net::ERR_INTERNET_DISCONNECTED')
  if (new URL(url, location.origin).origin !== location.origin)
    throw new CallFailure(`url not in domain list: ${url}`)
}

const headersOf = (given: Headers): Record<string, string> => Object.fromEntries(given.entries())

// The methods of WeChat. A PATCH would work in a browser only.
const METHODS = new Set(['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'])

export function request(options: Request): Task {
  return run('request', options, async (task) => {
    const method = (options.method ?? 'GET').toUpperCase()
    if (!METHODS.has(method)) throw new CallFailure(`invalid method ${method}`)
    const headers = new Headers(options.header)
    const url = new URL(options.url, location.origin)
    const sent = body(method, options.data, headers, url)
    const response = await fetch(url, {
      method,
      headers,
      signal: task.aborting.signal,
      credentials: 'omit',
      cache: 'no-store',
      ...(sent === undefined ? {} : { body: sent }),
    }).catch((error: Error) => {
      throw error.name === 'TypeError' ? new CallFailure('net::ERR_CONNECTION_FAILED') : error
    })
    task.head(headersOf(response.headers))
    const data =
      options.responseType === 'arraybuffer'
        ? await response.arrayBuffer()
        : parsed(await response.text(), options.dataType ?? 'json')
    return { data, statusCode: response.status, header: headersOf(response.headers), cookies: [] }
  })
}

function body(method: string, data: unknown, headers: Headers, url: URL): BodyInit | undefined {
  if (data === undefined || data === null) return undefined
  if (method === 'GET') {
    for (const [name, value] of Object.entries(data))
      url.searchParams.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
    return undefined
  }
  if (!headers.has('content-type')) headers.set('content-type', 'application/json')
  if (typeof data === 'string' || data instanceof ArrayBuffer) return data
  if (headers.get('content-type')!.includes('urlencoded'))
    return new URLSearchParams(data as Record<string, string>)
  return JSON.stringify(data)
}

function parsed(text: string, dataType: string): unknown {
  if (dataType !== 'json') return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function uploadFile(options: Upload): Task {
  return run('uploadFile', options, async (task) => {
    const file = await readFile(options.filePath)
    const form = new FormData()
    for (const [name, value] of Object.entries(options.formData ?? {})) form.append(name, value)
    form.append(options.name, file, `photo.${(file.type.split('/')[1] ?? 'jpg').replace('jpeg', 'jpg')}`)
    const breaks = harness.failUploads > 0
    if (breaks) harness.failUploads -= 1
    return send(options, form, task, breaks)
  })
}

/** With XMLHttpRequest, because fetch has no upload progress. */
function send(options: Upload, form: FormData, task: Task, breaks: boolean): Promise<object> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('POST', new URL(options.url, location.origin))
    for (const [name, value] of Object.entries(options.header ?? {}))
      if (name.toLowerCase() !== 'content-type') call.setRequestHeader(name, value)
    call.upload.addEventListener('progress', ({ loaded, total }) => task.went(loaded, total))
    call.addEventListener('load', () =>
      resolve({ data: call.responseText, statusCode: call.status, header: {} }),
    )
    call.addEventListener('error', () => reject(new CallFailure('net::ERR_CONNECTION_FAILED')))
    task.aborting.signal.addEventListener('abort', () => (call.abort(), reject(task.aborting.signal.reason)))
    if (breaks) {
      task.went(1, 2)
      reject(new CallFailure('net::ERR_CONNECTION_RESET'))
    } else call.send(form)
  })
}

export function downloadFile(options: Download): Task {
  return run('downloadFile', options, async (task) => {
    const response = await fetch(new URL(options.url, location.origin), {
      headers: options.header ?? {},
      signal: task.aborting.signal,
      credentials: 'omit',
    })
    task.head(headersOf(response.headers))
    const blob = await response.blob()
    task.went(blob.size, blob.size || 1)
    return {
      tempFilePath: keepTemporary(blob),
      statusCode: response.status,
      header: headersOf(response.headers),
    }
  })
}

const listeners = new Set<Listener>()
const connected = (): boolean => navigator.onLine && !harness.offline
const state = () => ({
  isConnected: connected(),
  networkType: connected() ? 'wifi' : 'none',
  weakNet: harness.slow > 2000,
})
const tell = (): void => listeners.forEach((listener) => listener(state()))
addEventListener('online', tell)
addEventListener('offline', tell)
harness.goOffline = (offline) => {
  harness.offline = offline
  tell()
}

export function getNetworkType(options?: CallOptions): any {
  const result = { ...state(), errMsg: 'getNetworkType:ok' }
  if (!options?.success && !options?.complete) return Promise.resolve(result)
  queueMicrotask(() => (options.success?.(result), options.complete?.(result)))
}
export const onNetworkStatusChange = (listener: Listener): void => void listeners.add(listener)
export const offNetworkStatusChange = (listener?: Listener): void =>
  listener ? void listeners.delete(listener) : listeners.clear()
export const onNetworkWeakChange = (_listener: Listener): void => undefined
export const offNetworkWeakChange = (_listener?: Listener): void => undefined
