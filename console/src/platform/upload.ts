// Files to and from the server. A photo is addressed by a name of its own until it is uploaded: the page's security policy
// forbids to fetch an object URL.
import { newKey } from '@mini/platform/idempotencyKey'
import { withConsent, withToken } from '@mini/platform/request'
import { API, UPLOAD_TIMEOUT } from './config'
import { fetched, requestHeaders } from './http'

export type Progress = (percent: number) => void

const chosen = new Map<string, File>()

/** Return the address under which a chosen file is uploaded. */
export function addressOf(file: File): string {
  const address = newKey()
  chosen.set(address, file)
  return address
}

/** Upload the image that was chosen under an address. */
export function uploadImage<T>(path: string, address: string, key: string): Promise<T> {
  const body = new FormData()
  body.append('file', chosen.get(address)!, 'photo')
  return withConsent(() =>
    withToken(async (token) => {
      const headers = requestHeaders({ key }, token)
      const answer = await fetched(API + path, { method: 'POST', headers, body }, UPLOAD_TIMEOUT)
      return (await answer.json()) as T
    }),
  )
}

/** Download a file with the access token; resolves to an object URL. */
export const downloadFile = (url: string): Promise<string> =>
  withToken(async (token) =>
    URL.createObjectURL(await (await fetched(url, { headers: requestHeaders({}, token) })).blob()),
  )

/** Send files as one form; repeating it changes nothing more, so it needs no key. */
export const uploadFiles = <T>(path: string, files: readonly File[]): Promise<T> => {
  const body = new FormData()
  for (const file of files) body.append('files', file, file.name)
  return withConsent(() =>
    withToken(async (token) => {
      const headers = requestHeaders({}, token)
      const answer = await fetched(API + path, { method: 'POST', headers, body }, UPLOAD_TIMEOUT)
      return (await answer.json()) as T
    }),
  )
}
