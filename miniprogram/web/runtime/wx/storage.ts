/** Storage, separate for each window and persona. */
import { prefix } from '../persona'
import { asyncCall, type CallOptions } from './asyncCall'

const read = (key: string): unknown => {
  const kept = sessionStorage.getItem(prefix() + key)
  return kept === null ? '' : JSON.parse(kept)
}
const own = (): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix()))

export const getStorageSync = (key: string): any => read(key)
export const setStorageSync = (key: string, value: unknown): void =>
  sessionStorage.setItem(prefix() + key, JSON.stringify(value ?? ''))
export const removeStorageSync = (key: string): void => sessionStorage.removeItem(prefix() + key)
export const clearStorageSync = (): void => own().forEach((key) => sessionStorage.removeItem(key))
export const getStorageInfoSync = () => ({
  keys: own().map((key) => key.slice(prefix().length)),
  currentSize: Math.ceil(own().reduce((sum, key) => sum + sessionStorage.getItem(key)!.length, 0) / 1024),
  limitSize: 10240,
})

type One = CallOptions & { key: string; data?: unknown }
export const getStorage = (options: One) =>
  asyncCall('getStorage', options, () => {
    if (sessionStorage.getItem(prefix() + options.key) === null) throw new Error('data not found')
    return { data: read(options.key) }
  })
export const setStorage = (options: One) =>
  asyncCall('setStorage', options, () => setStorageSync(options.key, options.data))
export const removeStorage = (options: One) =>
  asyncCall('removeStorage', options, () => removeStorageSync(options.key))
export const clearStorage = (options?: CallOptions) => asyncCall('clearStorage', options, clearStorageSync)
export const getStorageInfo = (options?: CallOptions) =>
  asyncCall('getStorageInfo', options, getStorageInfoSync)
