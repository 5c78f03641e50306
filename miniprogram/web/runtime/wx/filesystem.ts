/** The file system manager: saved files; documents. */
import * as files from '../files'
import { recordCall } from '../harness'
import { asyncCall, CallFailure, type CallOptions } from './asyncCall'

export const env = { USER_DATA_PATH: 'wxfile://usr' }

type At = CallOptions & { filePath: string }

const manager = {
  saveFile: (options: CallOptions & { tempFilePath: string; filePath?: string }) =>
    asyncCall('saveFile', options, async () => ({
      savedFilePath: await files.saveFile(await files.readFile(options.tempFilePath), options.filePath),
    })),
  copyFile: (options: CallOptions & { srcPath: string; destPath: string }) =>
    asyncCall(
      'copyFile',
      options,
      async () => void (await files.saveFile(await files.readFile(options.srcPath), options.destPath)),
    ),
  writeFile: (options: At & { data: string | ArrayBuffer }) =>
    asyncCall(
      'writeFile',
      options,
      async () => void (await files.saveFile(new Blob([options.data]), options.filePath)),
    ),
  readFile: (options: At & { encoding?: string }) =>
    asyncCall('readFile', options, async () => {
      const blob = await files.readFile(options.filePath)
      if (!options.encoding) return { data: await blob.arrayBuffer() }
      if (options.encoding === 'base64')
        return {
          data: btoa(
            [...new Uint8Array(await blob.arrayBuffer())].map((byte) => String.fromCharCode(byte)).join(''),
          ),
        }
      return { data: await blob.text() }
    }),
  access: (options: CallOptions & { path: string }) =>
    asyncCall('access', options, async () => void (await files.readFile(options.path))),
  unlink: (options: At) => asyncCall('unlink', options, () => files.removeFile(options.filePath)),
  removeSavedFile: (options: At) =>
    asyncCall('removeSavedFile', options, () => files.removeFile(options.filePath)),
  getFileInfo: (options: At) =>
    asyncCall('getFileInfo', options, async () => ({ size: (await files.readFile(options.filePath)).size })),
  getSavedFileList: (options?: CallOptions) =>
    asyncCall('getSavedFileList', options, async () => ({
      fileList: await Promise.all(
        (await files.listSaved()).map(async (filePath) => ({
          filePath,
          size: (await files.readFile(filePath)).size,
          createTime: 0,
        })),
      ),
    })),
}

export const getFileSystemManager = () => manager

const SHOWN = ['doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'pdf']

/** Show a document. WeChat has a viewer, a browser downloads it; both refuse what is none. */
export const openDocument = (options: At & { fileType?: string; showMenu?: boolean }) =>
  asyncCall('openDocument', options, async () => {
    const type = options.fileType ?? options.filePath.split('.').pop()!
    if (!SHOWN.includes(type)) throw new CallFailure('filetype not supported')
    const file = await files.readFile(options.filePath)
    if (type === 'pdf' && (await file.slice(0, 5).text()) !== '%PDF-') throw new CallFailure('file is broken')
    recordCall('openDocument', options)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = `楼灯.${type}`
    link.click()
  })
