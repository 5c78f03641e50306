// The texts of the languages beside Chinese.
import { en } from './en'
import { kk } from './kk'
import { mergeTables } from './merge'
import { staffEn } from './staff.en'

export const otherWords = { en: mergeTables(en, staffEn), kk }
