// 派工单: one ticket on one sheet of paper, for whoever goes there.
import { useQuery } from '@tanstack/react-query'
import { formatTime } from '@mini/domain/time'
import { wordsOf } from '@mini/i18n/index'
import { getTicket } from '@mini/services/tickets'
import { Loaded } from '../kit/Message'
import { Photos } from '../kit/Photos'
import { Screen } from '../kit/Screen'
import { downloadFile } from '../platform/upload'
import { words } from '../words'

export function Order({ id }: { id: string }) {
  const query = useQuery({ queryKey: ['ticket', id], queryFn: () => getTicket(id) })
  const place = query.data?.place?.id
  const code = useQuery({
    queryKey: ['code', place],
    queryFn: () => downloadFile(`/api/v1/places/${place}/qrcode`).catch(() => ''),
    enabled: Boolean(place),
  })
  const text = words().ticket
  const names = wordsOf('ticket')
  return (
    <Screen
      title={text.order}
      actions={
        <button type="button" className="btn main no-print" onClick={() => print()}>
          {words().list.print}
        </button>
      }
    >
      <Loaded query={query}>
        {(ticket) => (
          <article className="order">
            {code.data && (
              <figure>
                <img src={code.data} alt={text.code} width="120" height="120" />
              </figure>
            )}
            <table className="sheet">
              <tbody>
                {(
                  [
                    [names.no, ticket.no],
                    [words().columns.what, ticket.category.name],
                    [
                      names.place,
                      [...(ticket.place?.path ?? []), ticket.place_note].filter(Boolean).join(' '),
                    ],
                    [names.organisation, ticket.organisation?.name ?? ''],
                    [names.holder, ticket.holder?.label ?? ''],
                    [names.at, formatTime(ticket.created_at)],
                    [
                      wordsOf('workbench').resolve,
                      ticket.sla.resolve_due ? formatTime(ticket.sla.resolve_due) : '',
                    ],
                    [
                      names.reporter,
                      [ticket.reporter?.name, ticket.reporter?.phone_masked].filter(Boolean).join(' '),
                    ],
                    [names.described, ticket.description ?? ''],
                  ] as const
                ).map(([name, value]) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>{value}</td>
                  </tr>
                ))}
                <tr className="tall">
                  <th scope="row">{text.result}</th>
                  <td />
                </tr>
                <tr>
                  <th scope="row">{text.worker}</th>
                  <td />
                </tr>
                <tr>
                  <th scope="row">{text.signature}</th>
                  <td />
                </tr>
              </tbody>
            </table>
            <Photos photos={ticket.photos} />
            <p className="muted small">
              {text.orderLead} {text.printedAt} {formatTime(new Date().toISOString())}
            </p>
          </article>
        )}
      </Loaded>
    </Screen>
  )
}
