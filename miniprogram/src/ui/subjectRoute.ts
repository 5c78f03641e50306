// The addresses of the pages of subjects.
import type { SubjectKind } from '../services/shapes'

/** The page that shows a subject. */
export const subjectRoute = (noun: SubjectKind, id: string): string =>
  `/subjects/detail/index?noun=${noun}&id=${id}`
