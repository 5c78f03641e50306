// Files to and from the server. A photo is addressed by an object URL until it is uploaded.
import { withConsent, withToken } from '@mini/platform/request'
import { API, UPLOAD_TIMEOUT } from './config'
import { fetched, requestHeaders } from './http'

export type Progress = (percent: number) => void

/** Upload the image behind an object URL. */
export async function uploadImage<T>(path: string, objectUrl: string, key: string): Promise<T> {
  const file = await (await fetch(objectUrl)).blob()
  const body = new FormData()
  body.append('file', file, 'photo')
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
