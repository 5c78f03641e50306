// Tables of texts laid over each other, section by section.
export type Tables = Record<string, Record<string, string>>
type Merged<A, B> = {
  [S in keyof A | keyof B]: (S extends keyof A ? A[S] : object) & (S extends keyof B ? B[S] : object)
}

export function mergeTables<A, B>(one: A, other: B): Merged<A, B> {
  const [table, more] = [one, other] as [Tables, Tables]
  return {
    ...table,
    ...Object.fromEntries(
      Object.entries(more).map(([section, words]) => [section, { ...table[section], ...words }]),
    ),
  } as Merged<A, B>
}
