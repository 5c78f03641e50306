// Key-value storage of this window: it ends with it, because several people may use one computer.
export function writeStorage(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(value))
  } catch {
    // The storage is full. The value is still on the screen.
  }
}

export function readStorage<T>(key: string): T | null {
  try {
    const text = sessionStorage.getItem(key)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

export const removeStorage = (key: string): void => sessionStorage.removeItem(key)
export const storageKeys = (): string[] => Object.keys(sessionStorage)
