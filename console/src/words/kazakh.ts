// Kazakh: the mini-program's texts and the console's.
import { kk as residents } from '@mini/i18n/kk'
import { mergeTables } from '@mini/i18n/merge'
import { kk as office } from '@mini/office/words/kk'

export const mini = mergeTables(residents, office)
export { kk as own } from './kk'
