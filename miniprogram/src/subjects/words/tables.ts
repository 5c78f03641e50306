// The shape of a language's texts of the common life: none may be missing, residents read them.
import type { relationsZh } from './relations.zh'
import type { sharingZh } from './sharing.zh'
import type { zh } from './zh'

type Tables<T> = { [S in keyof T]: Record<keyof T[S], string> }
export type SubjectTables = Tables<typeof zh>
export type SharingTables = Tables<typeof sharingZh>
export type RelationsTables = Tables<typeof relationsZh>
