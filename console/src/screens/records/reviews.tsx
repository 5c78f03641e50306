// What residents wrote or photographed and no check could decide: released or removed.
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import { labelOf, wordsOf } from '@mini/i18n/index'
import { decideReview } from '@mini/services/reviews'
import type { Review } from '@mini/services/shapes'
import { data, GET } from '../../api'
import type { ScreenProps } from '../../app'
import { Confirm } from '../../kit/Confirm'
import { Drawer } from '../../kit/Drawer'
import { FactList } from '../../kit/Facts'
import { ListScreen } from '../../kit/ListScreen'
import type { DetailProps, ListSpec } from '../../kit/listSpec'
import { Loading } from '../../kit/Message'
import { Photos } from '../../kit/Photos'
import { say } from '../../kit/Toast'
import { words } from '../../words'

const SIZE = 50

const REVIEWS: ListSpec<Review> = {
  name: 'reviews',
  title: () => labelOf('menu', 'reviews'),
  lead: () => wordsOf('review').lead,
  filters: [],
  load: (_, cursor) =>
    data(GET('/api/v1/reviews', { params: { query: { limit: SIZE, ...(cursor ? { cursor } : {}) } } })),
  id: ({ id }) => id,
  label: ({ no }) => no,
  empty: () => ({ title: wordsOf('review').empty, text: wordsOf('review').emptyText }),
  live: true,
  columns: [
    { name: 'what', words: () => words().columns.what, usual: true, cell: ({ category }) => category.name },
    { name: 'where', words: () => words().columns.where, usual: true, cell: ({ place }) => place },
    {
      name: 'text',
      words: () => words().columns.text,
      usual: true,
      wide: true,
      cell: ({ text, kind }) => text ?? labelOf('review', kind),
    },
    {
      name: 'reason',
      words: () => words().columns.reason,
      usual: true,
      cell: ({ reason_name }) => reason_name,
    },
    { name: 'state', words: () => words().columns.state, usual: true, cell: ({ state_name }) => state_name },
    { name: 'at', words: () => words().columns.at, usual: true, cell: ({ at }) => formatTime(at) },
  ],
  Detail: OneReview,
}

function OneReview({ id, row, onDone, onClose }: DetailProps<Review>) {
  const text = wordsOf('review')
  const decide = (decision: 'release' | 'remove') => async (): Promise<void> => {
    const fresh = await decideReview(id, decision)
    say(fresh.state_name)
    onDone(fresh)
  }
  return (
    <Drawer
      title={row ? [row.category.name, row.place].filter(Boolean).join(' · ') : text.title}
      about={id}
      onClose={onClose}
    >
      {row ? (
        <>
          <div className="buttons">
            <Confirm words={text.release} tone="main" run={decide('release')} />
            <Confirm words={text.remove} tone="danger" run={decide('remove')} />
          </div>
          <p className="break">{row.text}</p>
          {row.photo && <Photos photos={[row.photo]} />}
          <FactList
            rows={[
              [words().columns.reason, row.reason_name],
              [words().columns.state, row.state_name],
              [words().columns.at, formatTime(row.at)],
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

export const Reviews = ({ id }: ScreenProps) => <ListScreen spec={REVIEWS} opened={id} />
