// A random key for the Idempotency-Key header.
export function newKey(): string {
  const random = (): string => Math.random().toString(36).slice(2, 12)
  return `${Date.now().toString(36)}-${random()}${random()}`
}
