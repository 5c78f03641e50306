// Somebody is away: who, from when until when, who answers meanwhile; without anybody, a person is invited at once.
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { today } from '@mini/domain/dates'
import { wordsOf } from '@mini/i18n/index'
import { markAbsent } from '@mini/services/posts'
import type { Post } from '@mini/services/shapes'
import { data, GET } from '../../api'
import { Drawer } from '../../kit/Drawer'
import type { Field } from '../../kit/fields'
import { Form } from '../../kit/Form'
import type { DetailProps } from '../../kit/listSpec'
import { say } from '../../kit/Toast'
import { words } from '../../words'
import { Meanwhile } from './Meanwhile'
import { PostDrawer } from './PostDrawer'

export function AbsenceDrawer(props: DetailProps<Post>) {
  return props.id === 'new' ? <NewAbsence onClose={props.onClose} /> : <PostDrawer {...props} />
}

const nameOf = ({ label, person }: Post): string => [label, person?.name].filter(Boolean).join(' · ')

const pageOfHeads = (cursor?: string) =>
  data(
    GET('/api/v1/posts', {
      params: {
        query: { role: 'head', vacant: false, order: 'place', limit: 100, ...(cursor ? { cursor } : {}) },
      },
    }),
  )

/** The heads of all grids one manages. */
async function heads(): Promise<Post[]> {
  let page = await pageOfHeads()
  const all = [...page.items]
  while (page.next) {
    page = await pageOfHeads(page.next)
    all.push(...page.items)
  }
  return all
}

function NewAbsence({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const text = words().absences
  const [known] = useState(() => new Map<string, Post>())
  const [saved, setSaved] = useState<Post | null>(null)
  const fields = useRef<readonly Field[]>([
    {
      name: 'post_id',
      kind: 'choice',
      required: true,
      label: () => words().absences.who,
      options: async () =>
        (await heads()).map((post) => {
          known.set(post.id, post)
          return { value: post.id, words: nameOf(post) }
        }),
    },
    { name: 'absent_from', kind: 'day', required: true, label: () => words().office.from },
    { name: 'absent_until', kind: 'day', label: () => words().office.until },
  ])
  return (
    <Drawer title={text.add} about="new" onClose={onClose}>
      {saved ? (
        <>
          <p className="note" role="status">
            {wordsOf('office').saved} {nameOf(saved)}
          </p>
          <Meanwhile post={saved} />
          <button type="button" className="btn plain" onClick={() => setSaved(null)}>
            {text.another}
          </button>
        </>
      ) : (
        <Form
          name="absence:new"
          fields={fields.current}
          initial={{ absent_from: today() }}
          submit={wordsOf('common').save}
          beside={({ post_id }) => {
            const post = known.get(String(post_id))
            return post && <Meanwhile post={post} isPreview />
          }}
          send={async ({ post_id, absent_from, absent_until }) => {
            const days = {
              absent_from: absent_from as string,
              absent_until: (absent_until as string) || null,
            }
            setSaved(await markAbsent(String(post_id), days))
            say(wordsOf('office').saved)
            void client.invalidateQueries({ queryKey: ['absences'] })
          }}
        />
      )}
    </Drawer>
  )
}
