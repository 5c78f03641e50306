// The shape of a language's texts of the office: any may be missing.
import type { zh } from './zh'

export type OfficeTables = { [S in keyof typeof zh]?: Partial<(typeof zh)[S]> }
