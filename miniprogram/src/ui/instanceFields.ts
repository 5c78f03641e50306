// Fields of a page or component instance that are not shown. Each instance gets its own copy of arrays and
// objects.
export function copyFields(fields: object | undefined): object {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return [...(value as unknown[])]
    return value && typeof value === 'object' ? { ...value } : value
  }
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, copy(value)]))
}
