/** Photos and codes: a file input for the camera, a canvas to compress, a dialog to scan. */
import { keepTemporary, readFile } from '../files'
import { harness, recordCall } from '../harness'
import * as over from '../overlays'
import { asyncCall, type CallOptions, CallFailure } from './asyncCall'

type Choosing = CallOptions & {
  count?: number
  sizeType?: string[]
  mediaType?: string[]
  sourceType?: string[]
}

/** Open a file dialog; resolves to no files when it is cancelled. */
function picked(count: number): Promise<File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = 'image/*'
  input.multiple = count > 1
  input.hidden = true
  document.body.append(input)
  return new Promise((resolve) => {
    const end = (files: File[]) => {
      input.remove()
      resolve(files.slice(0, count))
    }
    input.addEventListener('change', () => end([...(input.files ?? [])]))
    input.addEventListener('cancel', () => end([]))
    input.click()
  })
}

async function chosen({ count = 9, sizeType = ['original', 'compressed'] }: Choosing) {
  const files = await picked(count)
  if (!files.length) throw new CallFailure('cancel')
  const wanted = sizeType.includes('compressed')
    ? await Promise.all(files.map((file) => smaller(file, 80)))
    : files
  return Promise.all(
    wanted.map(async (blob) => ({
      tempFilePath: keepTemporary(blob),
      size: blob.size,
      fileType: 'image',
      ...(await sizeOf(blob)),
    })),
  )
}

export const chooseMedia = (options: Choosing = {}) =>
  asyncCall('chooseMedia', options, async () => {
    recordCall('chooseMedia', options)
    return { tempFiles: await chosen(options), type: 'image' }
  })
export const chooseImage = (options: Choosing = {}) =>
  asyncCall('chooseImage', options, async () => {
    const tempFiles = (await chosen(options)).map(({ tempFilePath, size }) => ({ path: tempFilePath, size }))
    return { tempFiles, tempFilePaths: tempFiles.map(({ path }) => path) }
  })

export const compressImage = (
  options: CallOptions & {
    src: string
    quality?: number
    compressedWidth?: number
    compressedHeight?: number
  },
) =>
  asyncCall('compressImage', options, async () => {
    const blob = await smaller(
      await readFile(options.src),
      options.quality ?? 80,
      options.compressedWidth,
      options.compressedHeight,
    )
    return { tempFilePath: keepTemporary(blob) }
  })

const LONGEST = 1920 // pixels, about as in WeChat

/** Compress to JPEG. A file that is no image stays as it is; the server will refuse it. */
async function smaller(blob: Blob, quality: number, width?: number, height?: number): Promise<Blob> {
  const drawn = await createImageBitmap(blob).catch(() => null)
  if (!drawn) return blob
  const scale = width
    ? width / drawn.width
    : height
      ? height / drawn.height
      : Math.min(1, LONGEST / Math.max(drawn.width, drawn.height))
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(drawn.width * scale)),
    Math.max(1, Math.round(drawn.height * scale)),
  )
  canvas.getContext('2d')!.drawImage(drawn, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 })
}

async function sizeOf(blob: Blob): Promise<{ width: number; height: number }> {
  const { width, height } = await createImageBitmap(blob).catch(() => ({ width: 0, height: 0 }))
  return { width, height }
}

export const getImageInfo = (options: CallOptions & { src: string }) =>
  asyncCall('getImageInfo', options, async () => {
    const blob = await readFile(options.src)
    return {
      ...(await sizeOf(blob)),
      path: options.src,
      orientation: 'up',
      type: blob.type.split('/')[1] ?? 'unknown',
    }
  })

export const saveImageToPhotosAlbum = (options: CallOptions & { filePath: string }) =>
  asyncCall('saveImageToPhotosAlbum', options, async () => {
    recordCall('saveImageToPhotosAlbum', options)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await readFile(options.filePath))
    link.download = '楼灯.jpg'
    link.click()
  })

/** A scan reads the value a test has set (`__harness.scan`), else asks for it in a dialog. */
export const scanCode = (options: CallOptions & { onlyFromCamera?: boolean; scanType?: string[] } = {}) =>
  asyncCall('scanCode', options, async () => {
    recordCall('scanCode', options)
    let result = harness.scan
    if (result === null) {
      const { confirm, content } = await over.showQuestion({
        title: '扫一扫',
        editable: true,
        placeholderText: '输入码上的内容，如 /app/?scene=…',
        confirmText: '识别',
      })
      if (!confirm || !content) throw new CallFailure('cancel')
      result = content.trim()
    }
    harness.scan = null
    return {
      result,
      scanType: 'QR_CODE',
      charSet: 'UTF-8',
      rawData: btoa(unescape(encodeURIComponent(result))),
      path: result.startsWith('pages/') ? result : '',
    }
  })
