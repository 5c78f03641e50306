// What a row of the table of kinds says (kinds.ts).
import type { HttpRequest } from '../../platform/http'
import type { Subject, SubjectKind } from '../../services/shapes'

/** A tab of a list: a key of the words `subjectTab`, and what it asks the API for. */
export interface SubjectTab {
  key: string
  query: HttpRequest['query']
}

export type Tone = 'info' | 'soon' | 'good' | 'late' | 'calm'
/** A fact: a key of the words `subjectFact`, and its text; nothing to say, no fact. */
type Fact<S> = [string, (subject: S) => string | false | null | undefined]
/** What led to a subject or came of it, by the filter that names it; `count`: only where there are any. */
interface Related<S> {
  noun: SubjectKind
  by: 'source_id' | 'outcome_id' | 'series'
  count?: (subject: S) => number
}

export interface Kind<N extends SubjectKind, S = Extract<Subject, { noun: N }>> {
  icon: string
  tabs: Record<'resident' | 'staff', readonly SubjectTab[]>
  tones: Readonly<Record<string, Tone>> // of a status; calm where it is missing
  brief: (subject: S) => string[] // on a card, below the title
  facts: readonly Fact<S>[]
  related: readonly Related<S>[]
}
