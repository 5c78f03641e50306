// The questions of a survey as they are typed, and as the API takes them.
import type { components } from '@mini/services/api'

type QuestionIn = components['schemas']['QuestionIn']

export interface OwnQuestion {
  text: string
  kind: 'rating' | 'choice' | 'choices'
  choices: string // one a line
}

export const FRESH: OwnQuestion = { text: '', kind: 'rating', choices: '' }
export const MOST = 20 // questions

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

export const questionsOf = (questions: readonly OwnQuestion[], isVote: boolean): QuestionIn[] =>
  questions.map(({ text, kind, choices }) => {
    if (isVote) return { text: text.trim(), kind: 'vote' }
    return { text: text.trim(), kind, ...(kind === 'rating' ? {} : { choices: linesOf(choices) }) }
  })

/** Questions as they are typed, of what a draft asks. */
export const typedOf = (
  questions: readonly { text: string; kind: string; choices: readonly string[] }[],
): OwnQuestion[] =>
  questions.map(({ text, kind, choices }) =>
    kind === 'choice' || kind === 'choices'
      ? { text, kind, choices: choices.join('\n') }
      : { ...FRESH, text },
  )

/** The list with one of its rows moved by a step, as far as there is room. */
export function moved<Row>(rows: readonly Row[], at: number, by: number): Row[] {
  const to = Math.min(Math.max(at + by, 0), rows.length - 1)
  const rest = rows.filter((_, n) => n !== at)
  return [...rest.slice(0, to), rows[at]!, ...rest.slice(to)]
}
