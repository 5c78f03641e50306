// Languages beside Chinese start without texts, which are Chinese then; `loadWords` brings them.
import type { LanguageWords } from '@mini/i18n/index'

const none = { action: {}, done: {} } as LanguageWords
export const otherWords = { en: none, kk: none }
