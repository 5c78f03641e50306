// Requests to know who reported anonymously, decided by a second person.
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import { fill, labelOf, wordsOf } from '@mini/i18n/index'
import type { Unsealing } from '@mini/services/shapes'
import { decideUnsealing } from '@mini/services/unsealings'
import { data, GET } from '../../api'
import type { ScreenProps } from '../../app'
import { Confirm } from '../../kit/Confirm'
import { Drawer } from '../../kit/Drawer'
import { FactList } from '../../kit/Facts'
import { ListScreen } from '../../kit/ListScreen'
import type { DetailProps, ListSpec } from '../../kit/listSpec'
import { Loading } from '../../kit/Message'
import { words } from '../../words'

const SIZE = 50

const UNSEALINGS: ListSpec<Unsealing> = {
  name: 'unsealings',
  title: () => labelOf('menu', 'unsealings'),
  lead: () => wordsOf('unseal').lead,
  filters: [
    {
      name: 'status',
      kind: 'choice',
      words: () => words().columns.state,
      choices: () => [{ value: 'pending', words: wordsOf('unseal').pending }],
    },
  ],
  load: ({ status }, cursor) =>
    data(
      GET('/api/v1/unsealings', {
        params: {
          query: {
            limit: SIZE,
            ...(status ? { status: status as never } : {}),
            ...(cursor ? { cursor } : {}),
          },
        },
      }),
    ),
  id: ({ id }) => id,
  label: ({ no }) => no,
  empty: () => ({ title: wordsOf('unseal').empty, text: wordsOf('unseal').emptyText }),
  columns: [
    { name: 'no', words: () => words().columns.no, usual: true, cell: ({ no }) => no },
    {
      name: 'reason',
      words: () => words().columns.reason,
      usual: true,
      wide: true,
      cell: ({ reason }) => reason,
    },
    { name: 'who', words: () => words().columns.who, usual: true, cell: ({ requested_by }) => requested_by },
    {
      name: 'state',
      words: () => words().columns.state,
      usual: true,
      cell: ({ status_name }) => status_name,
    },
    { name: 'at', words: () => words().columns.at, usual: true, cell: ({ at }) => formatTime(at) },
  ],
  Detail: OneUnsealing,
}

function OneUnsealing({ id, row, onDone, onClose }: DetailProps<Unsealing>) {
  const text = wordsOf('unseal')
  const decide = (decision: 'consent' | 'decline') => async (): Promise<void> =>
    onDone(await decideUnsealing(id, decision))
  return (
    <Drawer title={row?.no ?? text.title} about={id} onClose={onClose}>
      {row ? (
        <>
          {row.status === 'pending' && (
            <div className="buttons">
              <Confirm words={text.consent} ask={text.consentAsk} run={decide('consent')} />
              <Confirm words={text.decline} ask={text.declineAsk} run={decide('decline')} />
            </div>
          )}
          <p className="break">{row.reason}</p>
          <FactList
            rows={[
              [words().columns.who, fill(text.by, { who: row.requested_by })],
              [words().columns.state, row.status_name],
              [words().columns.at, fill(text.at, { at: formatTime(row.expires_at) })],
              [
                words().columns.person,
                row.reporter && [row.reporter.name, row.reporter.phone].filter(Boolean).join(' · '),
              ],
            ]}
          />
          <Link href={`/tickets/${row.ticket_id}`}>{text.ticket}</Link>
        </>
      ) : (
        <Loading />
      )}
    </Drawer>
  )
}

export const Unsealings = ({ id }: ScreenProps) => <ListScreen spec={UNSEALINGS} opened={id} />
