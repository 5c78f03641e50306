// Scanning a code with the camera.
import { sceneOf } from '../domain/places'
import { tellRefusal } from './refusal'

/** Return the scene of the code; null when there was none. */
export function scanCode(): Promise<string | null> {
  return new Promise((resolve) => {
    wx.scanCode({
      success: ({ path, result }) => resolve(sceneOf(path || result)),
      fail: (failure) => {
        resolve(null)
        void tellRefusal('scan', failure)
      },
    })
  })
}
