// What is kept on the phone: one key, one value; a full or broken storage never stops anybody.
export function keep(key: string, value: unknown): void {
  try {
    wx.setStorageSync(key, value)
  } catch {
    // full: the newest text is still on the screen
  }
}

export function recall<T>(key: string): T | null {
  try {
    const value: unknown = wx.getStorageSync(key)
    return value === '' || value === undefined ? null : (value as T)
  } catch {
    return null
  }
}

export function drop(key: string): void {
  try {
    wx.removeStorageSync(key)
  } catch {
    // nothing there
  }
}

/** Everything that is kept, by its keys. */
export function keys(): string[] {
  try {
    return wx.getStorageInfoSync().keys
  } catch {
    return []
  }
}
