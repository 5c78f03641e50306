// 人民调解协议书: one agreement on paper, with the fields of 人民调解法 29 and places for signatures and the seal.
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '../kit/Message'
import { Screen } from '../kit/Screen'
import { type Dispute, getSubject } from '../subjects'
import { words } from '../words'
import { agreementRows } from './disputes/Agreement'

export function AgreementSheet({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['subject', id],
    queryFn: () => getSubject<Dispute>('disputes', id),
  })
  const text = words().disputes
  return (
    <Screen
      title={text.sheet}
      actions={
        <button type="button" className="btn main no-print" onClick={() => print()}>
          {words().list.print}
        </button>
      }
    >
      <Loaded query={query}>
        {({ agreement, sides }) =>
          agreement ? (
            <article className="order">
              <table className="sheet">
                <tbody>
                  {[
                    [text.form, agreement.form_name] as const,
                    ...agreementRows(agreement),
                    [text.court, agreement.court_until] as const,
                  ].map(([name, value]) => (
                    <tr key={name}>
                      <th scope="row">{name}</th>
                      <td className="break">{value}</td>
                    </tr>
                  ))}
                  {sides
                    .filter(({ role, left_at }) => role !== 'studio' && !left_at)
                    .map(({ role_name, label }, n) => (
                      <tr key={n}>
                        <th scope="row">{role_name}</th>
                        <td className="sign">
                          {label} <span className="muted">{text.signHere}</span>
                        </td>
                      </tr>
                    ))}
                  <tr>
                    <th scope="row">{text.studio}</th>
                    <td className="sign">
                      {sides.find(({ role }) => role === 'studio')?.label}{' '}
                      <span className="muted">{text.sealHere}</span>
                    </td>
                  </tr>
                </tbody>
              </table>
            </article>
          ) : (
            <p className="note">{text.noAgreement}</p>
          )
        }
      </Loaded>
    </Screen>
  )
}
