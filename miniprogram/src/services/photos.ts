// Photos: each is uploaded by itself.
import { type Progress, uploadImage } from '../platform/upload'
import type { Photo } from './shapes'

export const uploadPhoto = (filePath: string, key: string, onProgress?: Progress): Promise<Photo> =>
  uploadImage('/photos', filePath, key, onProgress)
