// Fields an instance has for itself: each gets its own copy of the objects they begin with.
export function own(fields: object | undefined): object {
  const copy = (value: unknown): unknown => (Array.isArray(value) ? [...(value as unknown[])] : value && typeof value === 'object' ? { ...value } : value)
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, copy(value)]))
}
