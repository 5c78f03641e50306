// A post: its absence, its end; at the address `new` an invitation.
import { useQueryClient } from '@tanstack/react-query'
import { absenceText } from '@mini/domain/absence'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { endPost, markAbsent } from '@mini/services/posts'
import type { Post } from '@mini/services/shapes'
import { Confirm } from '../../kit/Confirm'
import { Drawer } from '../../kit/Drawer'
import { FactList } from '../../kit/Facts'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'
import type { DetailProps } from '../../kit/listSpec'
import { Loading } from '../../kit/Message'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { Meanwhile } from './Meanwhile'
import { Invite } from './Invite'

export function PostDrawer({ id, row, onChange, onClose }: DetailProps<Post>) {
  if (id === 'new') return <Invite onClose={onClose} />
  return (
    <Drawer title={row?.label ?? words().screens.posts} about={id} onClose={onClose}>
      {row ? <OnePost post={row} onChange={onChange} onClose={onClose} /> : <Loading />}
    </Drawer>
  )
}

const DAYS: readonly Field[] = [
  { name: 'absent_from', kind: 'day', required: true, label: () => words().office.from },
  { name: 'absent_until', kind: 'day', label: () => words().office.until },
]

function OnePost({
  post,
  onChange,
  onClose,
}: {
  post: Post
  onChange: (post: Post) => void
  onClose: () => void
}) {
  const client = useQueryClient()
  const text = wordsOf('posts')
  const away = absenceText(post)
  const gone = async (): Promise<void> => {
    await endPost(post.id)
    say(post.person ? text.ended : text.revoked)
    void client.invalidateQueries({ queryKey: ['posts'] })
    onClose()
  }
  return (
    <>
      <FactList
        rows={[
          [words().columns.person, post.person?.name],
          [words().columns.state, away || (post.person ? wordsOf('office').on : text.vacant)],
          [wordsOf('posts').invite, post.invitation_until && formatTime(post.invitation_until)],
        ]}
      />
      {post.person && (
        <section aria-labelledby="absence-title" className="form">
          <h3 id="absence-title">{text.absent}</h3>
          <Form
            key={`${post.id}${post.absent_from}`}
            name={`absence:${post.id}`}
            fields={DAYS}
            focus={false}
            initial={{ absent_from: post.absent_from ?? '', absent_until: post.absent_until ?? '' }}
            submit={wordsOf('common').save}
            send={async ({ absent_from, absent_until }) => {
              const days = {
                absent_from: absent_from as string,
                absent_until: (absent_until as string) || null,
              }
              onChange(await markAbsent(post.id, days))
              say(wordsOf('office').saved)
            }}
          />
          {away && post.role === 'head' && <Meanwhile post={post} />}
          {away && (
            <Confirm
              words={text.back}
              run={async () => {
                onChange(await markAbsent(post.id, { absent_from: null, absent_until: null }))
                say(wordsOf('office').backSaved)
              }}
            />
          )}
        </section>
      )}
      <Confirm
        words={post.person ? text.end : text.revoke}
        tone="danger"
        ask={fill(post.person ? text.endAsk : text.revokeAsk, { label: post.label })}
        run={gone}
      />
    </>
  )
}
