// The shape of a language's texts of the common life: none may be missing, residents read them.
import type { zh } from './zh'

export type SubjectTables = { [S in keyof typeof zh]: Record<keyof (typeof zh)[S], string> }
