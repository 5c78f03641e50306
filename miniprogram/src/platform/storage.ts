// Key-value storage on the phone. A full or broken storage never stops the program.
export function writeStorage(key: string, value: unknown): void {
  try {
    wx.setStorageSync(key, value)
  } catch {
    // The storage is full. The value is still on the screen.
  }
}

export function readStorage<T>(key: string): T | null {
  try {
    const value: unknown = wx.getStorageSync(key)
    return value === '' || value === undefined ? null : (value as T)
  } catch {
    return null
  }
}

export function removeStorage(key: string): void {
  try {
    wx.removeStorageSync(key)
  } catch {
    // There is no such key.
  }
}

export function storageKeys(): string[] {
  try {
    return wx.getStorageInfoSync().keys
  } catch {
    return []
  }
}
