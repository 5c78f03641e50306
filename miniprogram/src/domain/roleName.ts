// What a post is called: the office's own title as it is, the common name of its role in the reader's language.
import { labelOf } from '../i18n/index'
import { office } from '../i18n/office'

export const roleName = (role: string, name: string): string =>
  name === (office.zh.role as Record<string, string>)[role] ? labelOf('role', role) : name
