// What every language says on the screens of mutual help.
import type { mutual } from './zh'

export type MutualWords = {
  [S in keyof typeof mutual]: Record<keyof (typeof mutual)[S], string>
}
