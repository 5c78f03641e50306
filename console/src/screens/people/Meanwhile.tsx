// Who answers for a grid while its head is away; where nobody can, a person on duty is invited at once.
import { useState } from 'react'
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { createInvitation } from '@mini/services/posts'
import type { Invitation, Post } from '@mini/services/shapes'
import { Confirm } from '../../kit/Confirm'
import { words } from '../../words'

/** Who answers for the grid on these days. */
export function Meanwhile({ post, isPreview = false }: { post: Post; isPreview?: boolean }) {
  const text = words().absences
  const { stand_in } = post
  if (stand_in)
    return (
      <p className="note" role={isPreview ? undefined : 'status'}>
        {fill(text.meanwhile, { who: [stand_in.role_name, stand_in.name].filter(Boolean).join(' ') })}{' '}
        <Link href={`/tickets?holder_id=${post.place_id}`}>{text.tickets}</Link>
      </p>
    )
  return (
    <>
      <p className="note late" role="alert">
        {text.nobody}
      </p>
      {!isPreview && <Cover post={post} />}
    </>
  )
}

/** A person of duty for the grid, by an invitation: its code is shown once. */
function Cover({ post }: { post: Post }) {
  const [made, setMade] = useState<Invitation | null>(null)
  const [key] = useState(newKey)
  if (made)
    return (
      <p className="note" role="status">
        <strong className="code ltr">{made.invitation_code}</strong>{' '}
        {fill(wordsOf('invite').once, { at: formatTime(made.invitation_until ?? '') })}{' '}
        {wordsOf('invite').how}
      </p>
    )
  return (
    <Confirm
      words={words().absences.cover}
      run={async () => setMade(await createInvitation({ role: 'duty', place_id: post.place_id! }, key))}
    />
  )
}
