/** Files that stay: what a draft needs to survive a dead network. */
import * as files from '../files'
import { answer, type Asked } from './answer'

export const env = { USER_DATA_PATH: 'wxfile://usr' }

type At = Asked & { filePath: string }

const manager = {
  saveFile: (options: Asked & { tempFilePath: string; filePath?: string }) =>
    answer('saveFile', options, async () => ({ savedFilePath: await files.save(await files.read(options.tempFilePath), options.filePath) })),
  copyFile: (options: Asked & { srcPath: string; destPath: string }) =>
    answer('copyFile', options, async () => void (await files.save(await files.read(options.srcPath), options.destPath))),
  writeFile: (options: At & { data: string | ArrayBuffer }) => answer('writeFile', options, async () => void (await files.save(new Blob([options.data]), options.filePath))),
  readFile: (options: At & { encoding?: string }) =>
    answer('readFile', options, async () => {
      const blob = await files.read(options.filePath)
      if (!options.encoding) return { data: await blob.arrayBuffer() }
      if (options.encoding === 'base64') return { data: btoa([...new Uint8Array(await blob.arrayBuffer())].map((byte) => String.fromCharCode(byte)).join('')) }
      return { data: await blob.text() }
    }),
  access: (options: Asked & { path: string }) => answer('access', options, async () => void (await files.read(options.path))),
  unlink: (options: At) => answer('unlink', options, () => files.remove(options.filePath)),
  removeSavedFile: (options: At) => answer('removeSavedFile', options, () => files.remove(options.filePath)),
  getFileInfo: (options: At) => answer('getFileInfo', options, async () => ({ size: (await files.read(options.filePath)).size })),
  getSavedFileList: (options?: Asked) =>
    answer('getSavedFileList', options, async () => ({ fileList: await Promise.all((await files.saved()).map(async (filePath) => ({ filePath, size: (await files.read(filePath)).size, createTime: 0 }))) })),
}

export const getFileSystemManager = () => manager
