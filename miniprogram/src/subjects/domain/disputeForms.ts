// The forms of mediation. The fields of an agreement are those of 人民调解法 29.
import { addDays, formatDay, today } from '../../domain/dates'
import type { Option } from '../../domain/forms'
import { fill, labelOf, wordsOf } from '../../i18n/index'
import type { Subject } from '../../services/shapes'
import { listMediators } from '../../services/subjects'
import { ASKED, AT_ONCE, said, type SubjectField, type SubjectForm, text } from './formParts'

const mediators =
  (mediating: boolean) =>
  async (dispute: Subject): Promise<Option[]> =>
    dispute.actions.includes('assign')
      ? (await listMediators(dispute.id))
          .filter(({ mediates }) => mediates === mediating)
          .map(({ person_id, name }) => ({ value: person_id, words: name ?? wordsOf('subject').nameless }))
      : []

const days =
  (...numbers: number[]) =>
  (): Promise<Option[]> =>
    Promise.resolve(
      numbers.map((n, index) => ({
        value: addDays(today(), n),
        words:
          n > 0
            ? fill(wordsOf('subject').within, { n, day: formatDay(addDays(today(), n)) })
            : formatDay(addDays(today(), n)),
        preselected: index === 0,
      })),
    )

const line = (name: string, words: string): SubjectField => ({ name, kind: 'text', required: true, words })

const SETTLE: SubjectForm = {
  fields: [
    {
      name: 'form',
      kind: 'choice',
      required: true,
      words: 'agreementForm',
      options: () =>
        Promise.resolve(
          ['written', 'oral'].map((value) => ({ value, words: labelOf('agreementForm', value) })),
        ),
    },
    line('agreement.parties', 'agreementParties'),
    line('agreement.facts', 'agreementFacts'),
    line('agreement.terms', 'agreementTerms'),
    line('agreement.manner', 'agreementManner'),
    { name: 'agreement.period', kind: 'line', required: true, words: 'agreementPeriod' },
    {
      name: 'effective_on',
      kind: 'choice',
      required: true,
      words: 'effectiveOn',
      options: days(0, -1, -2, -3),
    },
    {
      name: 'return_visit_on',
      kind: 'choice',
      required: true,
      words: 'returnOn',
      options: days(30, 7, 14, 60),
    },
  ],
  tone: 'main',
  preset: () => ({ form: 'written' }),
}

export const DISPUTE_FORMS: Readonly<Record<string, SubjectForm>> = {
  'dispute.new': {
    fields: [
      text('disputeText'),
      { name: 'party', kind: 'line', required: true, words: 'otherParty' },
      {
        name: 'kind',
        kind: 'choice',
        required: true,
        words: 'disputeSort',
        options: () =>
          Promise.resolve(
            ['dispute', 'service', 'hardship'].map((value) => ({
              value,
              words: labelOf('disputeSort', value),
            })),
          ),
      },
      { name: 'place_id', kind: 'place', required: true },
    ],
    preset: () => ({ kind: 'dispute' }),
  },
  'dispute.agree': AT_ONCE,
  'dispute.start': AT_ONCE,
  'dispute.settle': SETTLE,
  'dispute.record': said('recordWhat'),
  'dispute.assign': {
    fields: [
      { name: 'person_id', kind: 'pick', required: true, options: mediators(false), words: 'mediator' },
    ],
    tone: 'main',
    atOnce: 'person_id',
  },
  'dispute.perform': { fields: [text('performWhat', false)], tone: 'main' },
  'dispute.visit': said('returnWhat'),
  'dispute.apply': ASKED,
  'dispute.file': ASKED,
  'dispute.add_party': { fields: [{ name: 'name', kind: 'line', required: true, words: 'partyName' }] },
  'dispute.recuse': {
    fields: [
      { name: 'person_id', kind: 'choice', options: mediators(true), words: 'recuseWhom' },
      text('recuseWhy'),
    ],
  },
  'dispute.fail': said('failWhy', 'danger'),
  'dispute.breach': said('breachWhat', 'danger'),
  'dispute.withdraw': { fields: [text('withdrawWhy', false)], tone: 'danger' },
}
