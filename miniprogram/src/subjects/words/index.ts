// Texts of the common life, in its package: the main one stays light. Each page and component that shows them imports
// this.
import { addWords } from '../../i18n/index'
import { en } from './en'
import { kk } from './kk'
import { relationsEn } from './relations.en'
import { relationsKk } from './relations.kk'
import { relationsZh } from './relations.zh'
import { sharingEn } from './sharing.en'
import { sharingKk } from './sharing.kk'
import { sharingZh } from './sharing.zh'
import { zh } from './zh'

type Zh = typeof zh & typeof sharingZh & typeof relationsZh
declare module '../../i18n/index' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way to add to a type elsewhere
  interface PackageWords extends Zh {}
}

addWords({ 'zh-Hans': zh, en, kk })
addWords({ 'zh-Hans': sharingZh, en: sharingEn, kk: sharingKk })
addWords({ 'zh-Hans': relationsZh, en: relationsEn, kk: relationsKk })
