// Who is in a dispute, and what they have agreed on.
import { FactList } from '../../kit/Facts'
import type { Dispute } from '../../subjects'
import { words } from '../../words'
import { Sides } from '../pairings/Sides'

type Settled = NonNullable<Dispute['agreement']>

/** What was agreed, with the fields of 人民调解法 29, each with its name. */
export function agreementRows(agreement: Settled): readonly (readonly [string, string | null])[] {
  const text = words().disputes
  return [
    [text.of_parties, agreement.parties],
    [text.of_facts, agreement.facts],
    [text.of_terms, agreement.terms],
    [text.of_manner, agreement.manner],
    [text.of_period, agreement.period],
    [text.effective, agreement.effective_on],
  ]
}

export function Agreement({ dispute }: { dispute: Dispute }) {
  const { agreement } = dispute
  return (
    <>
      <Sides relationship={dispute} />
      {agreement && (
        <section aria-labelledby="agreement-title">
          <h3 id="agreement-title">{agreement.form_name}</h3>
          <FactList rows={agreementRows(agreement)} />
        </section>
      )}
    </>
  )
}
