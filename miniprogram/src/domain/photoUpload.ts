// Uploading the photos of a report or an action before it is sent.
import type { Progress } from '../platform/upload'
import { uploadPhoto } from '../services/photos'
import type { Shot } from './types'

interface Listeners {
  /** Called after each photo, to save which ones need not be uploaded again. */
  onUploaded?: () => void
  /** Called with the progress of all photos together. */
  onProgress?: Progress | undefined
}

/**
 * Upload the photos one by one and return their ids. Photo n has the key `<key>-n`, so a repeated upload
 * changes nothing.
 */
export async function uploadPhotos(
  shots: readonly Shot[],
  key: string,
  { onUploaded, onProgress }: Listeners = {},
): Promise<string[]> {
  const ids: string[] = []
  for (const [n, shot] of shots.entries()) {
    const share = (percent: number): void => onProgress?.(Math.round((n * 100 + percent) / shots.length))
    shot.id ??= (await uploadPhoto(shot.path, `${key}-${n}`, onProgress && share)).id
    ids.push(shot.id)
    onUploaded?.()
  }
  return ids
}
