// A key nobody else has: for Idempotency-Key and the names of drafts.
export function newKey(): string {
  const random = (): string => Math.random().toString(36).slice(2, 12)
  return `${Date.now().toString(36)}-${random()}${random()}`
}
