// Files to and from the server. WeChat uploads one file a call and sends no token with an <image>.
import { API, DOWNLOAD_TIMEOUT, SERVER, UPLOAD_TIMEOUT } from './config'
import { problemOfFailure, problemOfResponse, requestHeaders } from './http'
import { withConsent, withToken } from './request'

const QUALITY = 80 // percent; a meter can still be read, at a tenth of the bytes

export type Progress = (percent: number) => void

/** Compress an image on the phone and upload it. */
export async function uploadImage<T>(
  path: string,
  filePath: string,
  key: string,
  onProgress?: Progress,
): Promise<T> {
  const compressed = await compressImage(filePath)
  return withConsent(() => withToken((token) => uploadFile<T>(path, compressed, key, token, onProgress)))
}

function compressImage(filePath: string): Promise<string> {
  return new Promise((resolve) => {
    wx.compressImage({
      src: filePath,
      quality: QUALITY,
      success: ({ tempFilePath }) => resolve(tempFilePath),
      fail: () => resolve(filePath),
    })
  })
}

function uploadFile<T>(
  path: string,
  filePath: string,
  key: string,
  token: string,
  onProgress?: Progress,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const task = wx.uploadFile({
      url: API + path,
      filePath,
      name: 'file',
      header: requestHeaders({ key }, token),
      timeout: UPLOAD_TIMEOUT,
      // WeChat calls `success` whatever the status.
      success: (response) =>
        response.statusCode < 300
          ? resolve(JSON.parse(response.data) as T)
          : reject(problemOfResponse(response)),
      fail: (error) => void problemOfFailure(error).then(reject),
    })
    if (onProgress) task.onProgressUpdate(({ progress }) => onProgress(progress))
  })
}

/** A file from the server on the phone, and the headers of the answer, their names in small letters. */
export interface Downloaded {
  filePath: string
  headers: Record<string, string>
}

/** Download a file with the access token; resolves to a path that <image> can show. */
export function downloadFile(url: string, timeout = DOWNLOAD_TIMEOUT): Promise<Downloaded> {
  return withToken(
    (token) =>
      new Promise((resolve, reject) => {
        let headers: Record<string, string> = {}
        const task = wx.downloadFile({
          url: SERVER + url,
          header: requestHeaders({}, token),
          timeout,
          success: ({ statusCode, tempFilePath }) =>
            statusCode < 300
              ? resolve({ filePath: tempFilePath, headers })
              : void readText(tempFilePath).then((data) =>
                  reject(problemOfResponse({ statusCode, data, header: headers })),
                ),
          fail: (error) => void problemOfFailure(error).then(reject),
        })
        task.onHeadersReceived(({ header }) => (headers = inSmallLetters(header)))
      }),
  )
}

const inSmallLetters = (header: object): Record<string, string> =>
  Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)]))

// WeChat writes a refusal into the file, too.
function readText(filePath: string): Promise<string> {
  return new Promise((resolve) => {
    wx.getFileSystemManager().readFile({
      filePath,
      encoding: 'utf8',
      success: ({ data }) => resolve(data as string), // for an encoding was named
      fail: () => resolve(''),
    })
  })
}
