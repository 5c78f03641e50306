// The forms of relationships.
import { addDays, formatDay, today } from '../../domain/dates'
import type { Option } from '../../domain/forms'
import { shanghaiTime } from '../../domain/time'
import { fill, labelOf, wordsOf } from '../../i18n/index'
import { listRosterPosts } from '../../services/duty'
import type { Subject } from '../../services/shapes'
import { AT_ONCE, type SubjectField, type SubjectForm, text } from './formParts'

/** Colleagues who can look after a household, without who does already. */
const helpers = async (subject: Subject): Promise<Option[]> => {
  const now = subject.noun === 'relationship' ? subject.sides.filter(({ left_at }) => !left_at) : []
  const posts = (await listRosterPosts()).filter(
    ({ name, unit, title }) => name && !now.some(({ label }) => label === `${unit.label} ${title}`),
  )
  return posts.map(({ post_id, name, title, unit }) => ({
    value: post_id,
    words: name ?? title,
    hint: [unit.label, title].join(' · '),
  }))
}

const residents = (subject: Subject): Promise<Option[]> =>
  Promise.resolve(
    ((subject.noun === 'relationship' && subject.to_admit) || []).map(({ person_id, name }) => ({
      value: person_id,
      words: name ?? wordsOf('subject').nameless,
    })),
  )

const EVENING = 20 * 60 // minutes after midnight
const CALL_DAYS = [1, 2, 3, 5, 7]
export const callDays = (): Promise<Option[]> =>
  Promise.resolve(
    CALL_DAYS.map((n) => ({
      value: shanghaiTime(n, EVENING),
      words: fill(wordsOf('subject').within, { n, day: formatDay(addDays(today(), n)) }),
    })),
  )
const callUntil: SubjectField = {
  name: 'due_at',
  kind: 'choice',
  required: true,
  options: callDays,
  words: 'callUntil',
}

export const RELATION_FORMS: Readonly<Record<string, SubjectForm>> = {
  'relationship.agree': AT_ONCE,
  'relationship.admit': {
    fields: [{ name: 'person_id', kind: 'choice', required: true, options: residents, words: 'admitWhom' }],
    tone: 'main',
  },
  'relationship.hand_over': {
    fields: [{ name: 'post_id', kind: 'pick', required: true, options: helpers, words: 'nextHelper' }],
    atOnce: 'post_id',
  },
  'relationship.call': { fields: [callUntil] },
  'relationship.assess': {
    fields: [
      {
        name: 'need',
        kind: 'choice',
        required: true,
        words: 'need',
        options: () =>
          Promise.resolve(
            ['high', 'key', 'other'].map((value) => ({ value, words: labelOf('need', value) })),
          ),
      },
      {
        name: 'sudden',
        kind: 'choice',
        words: 'sudden',
        options: () =>
          Promise.resolve([
            { value: false, words: wordsOf('care').no },
            { value: true, words: wordsOf('care').yes },
          ]),
      },
      text('assessWhy', false),
    ],
  },
  'relationship.end': { fields: [text('endRelationWhy', false)], tone: 'danger' },
}
