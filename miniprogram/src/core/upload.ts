// One photo to the server: made smaller first, with its progress; one file a call, as WeChat wants it.
import type { Photo } from '../services/shapes'
import { API, UPLOAD_TIMEOUT } from './config'
import { signedIn, withConsent } from './request'
import { broken, headers, refusal } from './wire'

const QUALITY = 80 // enough to read a meter; a tenth of the bytes

export async function upload(path: string, key: string, progress?: (percent: number) => void): Promise<Photo> {
  const small = await compressed(path)
  return withConsent(() => signedIn((bearer) => put(small, key, bearer, progress)))
}

function compressed(path: string): Promise<string> {
  return new Promise((resolve) => {
    wx.compressImage({ src: path, quality: QUALITY, success: (made) => resolve(made.tempFilePath), fail: () => resolve(path) })
  })
}

function put(path: string, key: string, bearer: string, progress?: (percent: number) => void): Promise<Photo> {
  return new Promise((resolve, reject) => {
    const task = wx.uploadFile({
      url: `${API}/photos`,
      filePath: path,
      name: 'file',
      header: headers({ key }, bearer),
      timeout: UPLOAD_TIMEOUT,
      // WeChat calls it a success whatever the status
      success: (answer) => (answer.statusCode < 300 ? resolve(JSON.parse(answer.data) as Photo) : reject(refusal(answer))),
      fail: (error) => reject(broken(error)),
    })
    if (progress) task.onProgressUpdate((now) => progress(now.progress))
  })
}
