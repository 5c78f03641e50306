// What every language says on the screens of the common life.
import type { community } from './zh'

export type CommunityWords = {
  [S in keyof typeof community]: Record<keyof (typeof community)[S], string>
}
