/** Photos and codes: a file input for the camera, a canvas for compressing, a list for scanning. */
import { keep, read } from '../files'
import { hooks, note } from '../hooks'
import * as over from '../over'
import { answer, type Asked, Failure } from './answer'

type Choosing = Asked & { count?: number; sizeType?: string[]; mediaType?: string[]; sourceType?: string[] }

/** Let photos be picked; resolves to none when that is called off. */
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
  if (!files.length) throw new Failure('cancel')
  const wanted = sizeType.includes('compressed') ? await Promise.all(files.map((file) => smaller(file, 80))) : files
  return Promise.all(wanted.map(async (blob) => ({ tempFilePath: keep(blob), size: blob.size, fileType: 'image', ...(await sizeOf(blob)) })))
}

export const chooseMedia = (options: Choosing = {}) =>
  answer('chooseMedia', options, async () => {
    note('chooseMedia', options)
    return { tempFiles: await chosen(options), type: 'image' }
  })
export const chooseImage = (options: Choosing = {}) =>
  answer('chooseImage', options, async () => {
    const tempFiles = (await chosen(options)).map(({ tempFilePath, size }) => ({ path: tempFilePath, size }))
    return { tempFiles, tempFilePaths: tempFiles.map(({ path }) => path) }
  })

export const compressImage = (options: Asked & { src: string; quality?: number; compressedWidth?: number; compressedHeight?: number }) =>
  answer('compressImage', options, async () => {
    const blob = await smaller(await read(options.src), options.quality ?? 80, options.compressedWidth, options.compressedHeight)
    return { tempFilePath: keep(blob) }
  })

const LONGEST = 1920 // pixels; about what WeChat leaves of a compressed photo

/** Redraw as JPEG; what cannot be drawn stays as it is, the server has the last word. */
async function smaller(blob: Blob, quality: number, width?: number, height?: number): Promise<Blob> {
  const drawn = await createImageBitmap(blob).catch(() => null)
  if (!drawn) return blob
  const scale = width ? width / drawn.width : height ? height / drawn.height : Math.min(1, LONGEST / Math.max(drawn.width, drawn.height))
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(drawn.width * scale)), Math.max(1, Math.round(drawn.height * scale)))
  canvas.getContext('2d')!.drawImage(drawn, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 })
}

async function sizeOf(blob: Blob): Promise<{ width: number; height: number }> {
  const { width, height } = await createImageBitmap(blob).catch(() => ({ width: 0, height: 0 }))
  return { width, height }
}

export const getImageInfo = (options: Asked & { src: string }) =>
  answer('getImageInfo', options, async () => {
    const blob = await read(options.src)
    return { ...(await sizeOf(blob)), path: options.src, orientation: 'up', type: blob.type.split('/')[1] ?? 'unknown' }
  })

export const saveImageToPhotosAlbum = (options: Asked & { filePath: string }) =>
  answer('saveImageToPhotosAlbum', options, async () => {
    note('saveImageToPhotosAlbum', options)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await read(options.filePath))
    link.download = '楼灯.jpg'
    link.click()
  })

/** A scan reads what a test has laid in front of it, else what is typed: a code, or the address in a code. */
export const scanCode = (options: Asked & { onlyFromCamera?: boolean; scanType?: string[] } = {}) =>
  answer('scanCode', options, async () => {
    note('scanCode', options)
    let result = hooks.scan
    if (result === null) {
      const { confirm, content } = await over.ask({ title: '扫一扫', editable: true, placeholderText: '输入码上的内容，如 /app/?scene=…', confirmText: '识别' })
      if (!confirm || !content) throw new Failure('cancel')
      result = content.trim()
    }
    hooks.scan = null
    return { result, scanType: 'QR_CODE', charSet: 'UTF-8', rawData: btoa(unescape(encodeURIComponent(result))), path: result.startsWith('pages/') ? result : '' }
  })
