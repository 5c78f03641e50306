// The addresses of the pages of subjects.
import type { Notice, SubjectKind } from '../services/shapes'

const WITHOUT_PAGE = 'survey'

/** The page that shows a subject; '' for a kind that has none. */
export const subjectRoute = (noun: SubjectKind | NonNullable<Notice['subject_kind']>, id: string): string =>
  noun === WITHOUT_PAGE ? '' : `/subjects/detail/index?noun=${noun}&id=${id}`
