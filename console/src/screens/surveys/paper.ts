// Paper ballots as they are typed, and as the API takes them: numbers from 1 choose, as on the paper.
import type { components } from '@mini/services/api'

type BallotIn = components['schemas']['BallotIn']

export interface Ballot {
  place: { id: string; label: string } | null
  room: string
  marks: string[] // for each question the numbers, with spaces between; nothing where it was left out
}

/** The ballots that are ready, and the one being typed. */
export interface Paper {
  ready: Ballot[]
  typed: Ballot
}

export const MOST = 100 // ballots in one act
const FEW = 9 // choices that one digit names

/** What was typed for a question, as numbers that name its choices; digits that name none are dropped. */
export function marksOf(typed: string, kind: string, choices: number): string {
  if (choices > FEW) return typed.replace(/[^\d\s]/g, ' ')
  const named = [...typed].filter((digit) => Number(digit) >= 1 && Number(digit) <= choices)
  return (kind === 'choices' ? [...new Set(named)] : named.slice(-1)).join(' ')
}

/** Whether nothing can follow, so that the next question is asked. */
export const isComplete = (marks: string, kind: string, choices: number): boolean =>
  Boolean(marks) && kind !== 'choices' && choices <= FEW

export const isBegun = ({ room, marks }: Ballot): boolean => Boolean(room.trim() || marks.some(Boolean))

/** All that will be sent: the one being typed is among them, so that none is forgotten. */
export const allOf = ({ ready, typed }: Paper): Ballot[] => (isBegun(typed) ? [...ready, typed] : ready)

export const ballotsOf = (paper: Paper): BallotIn[] =>
  allOf(paper).map(({ place, room, marks }) => ({
    place_id: place?.id ?? '',
    room: room.trim(),
    answers: marks.flatMap((mark, question) => {
      const choices = (mark.match(/\d+/g) ?? []).map((number) => Number(number) - 1)
      return choices.length ? [{ question, choices }] : []
    }),
  }))

/** Whether a refusal that names rooms names this one: 301 is not 3012. */
export function isNamed(detail: string, { place, room }: Ballot): boolean {
  const label = `${place?.label ?? ''}${room.trim()}`
  const at = detail.indexOf(label)
  return Boolean(room.trim()) && at >= 0 && !/[0-9A-Za-z-]/.test(detail[at + label.length] ?? '')
}
