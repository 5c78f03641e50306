// Texts of the common life, in its package: the main one stays light. Each page and component that shows them imports
// this.
import { addWords } from '../../i18n/index'
import { en } from './en'
import { kk } from './kk'
import { zh } from './zh'

type Zh = typeof zh
declare module '../../i18n/index' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a type elsewhere
  interface PackageWords extends Zh {}
}

addWords({ 'zh-Hans': zh, en, kk })
