// English: the mini-program's texts and the console's.
import { en as residents } from '@mini/i18n/en'
import { mergeTables } from '@mini/i18n/merge'
import { staffEn } from '@mini/i18n/staff.en'
import { en as office } from '@mini/office/words/en'

export const mini = mergeTables(mergeTables(residents, staffEn), office)
export { en as own } from './en'
