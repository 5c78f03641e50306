// The listed lines (挂账) of a bulletin as fields of its form: each has a reason and the day on which it is looked at next.
import type { ActionValues } from '@mini/domain/types'
import { fill } from '@mini/i18n/index'
import type { components } from '@mini/services/api'
import type { Field } from '../../kit/fields'
import { words } from '../../words'

type Bulletin = components['schemas']['BulletinOut']
type Listed = components['schemas']['ListedWordsIn']

const REASON = 'listed_reason:'
const NEXT = 'listed_next:'

/** What is written in a field of text. */
export function lineOf(values: ActionValues, name: string): string {
  const value = values[name]
  return typeof value === 'string' ? value : ''
}

export const listedFields = ({ numbers }: Bulletin): Field[] =>
  numbers.listed.flatMap(({ category, label }): Field[] => [
    { name: REASON + category, kind: 'line', label: () => fill(words().bulletins.listedReason, { label }) },
    { name: NEXT + category, kind: 'day', label: () => fill(words().bulletins.listedNext, { label }) },
  ])

export const listedValues = ({ words: { listed = [] } }: Bulletin): ActionValues =>
  Object.fromEntries(
    listed.flatMap(({ category, reason, next_on }) => [
      [REASON + category, reason],
      [NEXT + category, next_on],
    ]),
  )

/** The listed lines that are complete; the others can wait until it is published. */
export const listedOf = (bulletin: Bulletin, values: ActionValues): Listed[] =>
  bulletin.numbers.listed
    .map(({ category }) => ({
      category,
      reason: lineOf(values, REASON + category).trim(),
      next_on: lineOf(values, NEXT + category),
    }))
    .filter(({ reason, next_on }) => reason && next_on)
