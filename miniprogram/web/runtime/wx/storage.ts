/** Storage of this window and persona. */
import { prefix } from '../persona'
import { answer, type Asked } from './answer'

const read = (key: string): unknown => {
  const kept = sessionStorage.getItem(prefix() + key)
  return kept === null ? '' : JSON.parse(kept)
}
const own = (): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix()))

export const getStorageSync = (key: string): any => read(key)
export const setStorageSync = (key: string, value: unknown): void => sessionStorage.setItem(prefix() + key, JSON.stringify(value ?? ''))
export const removeStorageSync = (key: string): void => sessionStorage.removeItem(prefix() + key)
export const clearStorageSync = (): void => own().forEach((key) => sessionStorage.removeItem(key))
export const getStorageInfoSync = () => ({
  keys: own().map((key) => key.slice(prefix().length)),
  currentSize: Math.ceil(own().reduce((sum, key) => sum + sessionStorage.getItem(key)!.length, 0) / 1024),
  limitSize: 10240,
})

type One = Asked & { key: string; data?: unknown }
export const getStorage = (options: One) =>
  answer('getStorage', options, () => {
    if (sessionStorage.getItem(prefix() + options.key) === null) throw new Error('data not found')
    return { data: read(options.key) }
  })
export const setStorage = (options: One) => answer('setStorage', options, () => setStorageSync(options.key, options.data))
export const removeStorage = (options: One) => answer('removeStorage', options, () => removeStorageSync(options.key))
export const clearStorage = (options?: Asked) => answer('clearStorage', options, clearStorageSync)
export const getStorageInfo = (options?: Asked) => answer('getStorageInfo', options, getStorageInfoSync)
