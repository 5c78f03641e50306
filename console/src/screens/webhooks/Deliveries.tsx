// What became of each delivery of a webhook; one is sent again.
import { useInfiniteQuery } from '@tanstack/react-query'
import { formatTime } from '@mini/domain/time'
import { data, GET, POST } from '../../api'
import type { components } from '@mini/services/api'
import { Confirm } from '../../kit/Confirm'
import type { Column } from '../../kit/columns'
import { DataTable } from '../../kit/DataTable'
import { Failed, Loading } from '../../kit/Message'
import { words } from '../../words'

type Delivery = components['schemas']['DeliveryOut']

export function Deliveries({ webhook }: { webhook: string }) {
  const query = useInfiniteQuery({
    queryKey: ['deliveries', webhook],
    queryFn: ({ pageParam }) =>
      data(
        GET('/api/v1/webhooks/{webhook_id}/deliveries', {
          params: { path: { webhook_id: webhook }, query: pageParam ? { cursor: pageParam } : {} },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? null,
  })
  const text = words()
  const columns: readonly Column<Delivery>[] = [
    { name: 'at', words: () => text.columns.at, cell: ({ created_at }) => formatTime(created_at) },
    {
      name: 'type',
      words: () => text.columns.events,
      cell: ({ type }) => <span className="ltr">{type}</span>,
    },
    {
      name: 'state',
      words: () => text.columns.state,
      cell: ({ state_name, status, error }) => [state_name, status, error].filter(Boolean).join(' · '),
    },
    { name: 'attempts', words: () => text.columns.attempts, cell: ({ attempts }) => attempts },
    {
      name: 'took',
      words: () => text.columns.took,
      cell: ({ took_ms }) => took_ms !== null && `${took_ms} ms`,
    },
    {
      name: 'again',
      words: () => text.office.redeliver,
      cell: ({ id }) => (
        <Confirm
          words={text.office.redeliver}
          run={async () => {
            await POST('/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver', {
              params: { path: { webhook_id: webhook, delivery_id: id } },
            })
            await query.refetch()
          }}
        />
      ),
    },
  ]
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  return (
    <section aria-labelledby="deliveries-title">
      <h3 id="deliveries-title">{text.office.deliveries}</h3>
      <DataTable
        caption={text.office.deliveries}
        columns={columns}
        rows={query.data.pages.flatMap(({ items }) => items)}
        id={({ id }) => id}
        label={({ type }) => type}
      />
      {query.hasNextPage && (
        <button type="button" className="btn plain" onClick={() => void query.fetchNextPage()}>
          {text.list.more}
        </button>
      )}
    </section>
  )
}
