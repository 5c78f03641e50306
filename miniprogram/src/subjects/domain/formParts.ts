// What forms of the common life are made of.
import type { Field, Form } from '../../domain/forms'
import type { Subject } from '../../services/shapes'

export type SubjectField = Field<Subject>
export type SubjectForm = Form<Subject>

export const text = (words: string, required = true): SubjectField => ({
  name: 'text',
  kind: 'text',
  required,
  words,
})
export const said = (words: string, tone: 'main' | 'danger' = 'main'): SubjectForm => ({
  fields: [text(words)],
  tone,
})
export const AT_ONCE: SubjectForm = { fields: [], tone: 'main' }
export const ASKED: SubjectForm = { fields: [], ask: true }
