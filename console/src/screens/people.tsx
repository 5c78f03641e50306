// Posts, absences and organisations, each a list with a drawer.
import { lazy } from 'react'
import { Link, useSearch } from 'wouter'
import { absenceText } from '@mini/domain/absence'
import { formatTime } from '@mini/domain/time'
import { fill, wordsOf } from '@mini/i18n/index'
import { listPosts } from '@mini/services/posts'
import type { List, Post, Role } from '@mini/services/shapes'
import { data, GET } from '../api'
import type { ScreenProps } from '../app'
import { type Filters, readAddress } from '../kit/address'
import { ExportButtons } from '../kit/ExportButtons'
import type { FilterSpec } from '../kit/Filters'
import { ListScreen } from '../kit/ListScreen'
import type { ListSpec } from '../kit/listSpec'
import { getPostsFile } from '../office'
import { words } from '../words'

const PostDrawer = lazy(() => import('./people/PostDrawer').then((all) => ({ default: all.PostDrawer })))
const ROLES: readonly Role[] = [
  'head',
  'deputy',
  'member',
  'duty',
  'community',
  'street',
  'auditor',
  'admin',
  'agent',
  'steward',
]
const roles = () => ROLES.map((role) => ({ value: role, words: wordsOf('role')[role] }))
const place: FilterSpec = { name: 'place_id', kind: 'place', words: () => words().office.where }

const POST_FILTERS: readonly FilterSpec[] = [
  place,
  { name: 'role', kind: 'choice', words: () => words().columns.role, choices: roles },
  { name: 'vacant', kind: 'switch', words: () => wordsOf('posts').vacant },
]

const loadPosts = (filters: Filters, cursor: string | null): Promise<List<Post>> =>
  listPosts(
    {
      ...(filters['place_id'] ? { place_id: filters['place_id'] } : {}),
      ...(filters['role'] ? { role: filters['role'] as Role } : {}),
      ...(filters['vacant'] ? { vacant: true } : {}),
    },
    cursor,
  )

/** The posts of the list as a file, which can be changed and imported again. */
function PostsFile() {
  const { place_id, role, vacant } = readAddress(useSearch())
  const asked = {
    ...(place_id ? { place_id } : {}),
    ...(role ? { role } : {}),
    ...(vacant ? { vacant: 'true' } : {}),
  }
  return <ExportButtons name="posts" load={(format) => getPostsFile({ ...asked, format })} />
}

/** Held by whom, absent until when, invited until when, or vacant. */
function stateOf(post: Post): string {
  const text = wordsOf('posts')
  if (post.person) return absenceText(post) || wordsOf('office').on
  if (!post.invitation_until) return text.vacant
  return new Date(post.invitation_until) > new Date()
    ? fill(text.until, { at: formatTime(post.invitation_until) })
    : text.lapsed
}

const POSTS: ListSpec<Post> = {
  name: 'posts',
  title: () => words().screens.posts,
  filters: POST_FILTERS,
  load: loadPosts,
  id: ({ id }) => id,
  label: ({ label }) => label,
  empty: () => ({ title: wordsOf('posts').empty, text: wordsOf('posts').emptyText }),
  columns: [
    { name: 'role', words: () => words().columns.role, usual: true, wide: true, cell: ({ label }) => label },
    {
      name: 'person',
      words: () => words().columns.person,
      usual: true,
      cell: ({ person }) => person && (person.name ?? wordsOf('grids').unnamed),
    },
    { name: 'state', words: () => words().columns.state, usual: true, cell: stateOf },
    { name: 'created', words: () => words().columns.at, cell: ({ created_at }) => formatTime(created_at) },
  ],
  Detail: PostDrawer,
  Actions: () => (
    <>
      <PostsFile />
      <Link className="btn main" href="/posts/new">
        {wordsOf('posts').invite}
      </Link>
    </>
  ),
}

const PAGE = 50
const AbsenceDrawer = lazy(() =>
  import('./people/AbsenceDrawer').then((all) => ({ default: all.AbsenceDrawer })),
)
const standIn = ({ stand_in, role }: Post): string =>
  stand_in
    ? [stand_in.role_name, stand_in.name].filter(Boolean).join(' ')
    : role === 'head'
      ? words().absences.none
      : ''

const ABSENCES: ListSpec<Post> = {
  ...POSTS,
  name: 'absences',
  title: () => words().screens.absences,
  filters: [place],
  empty: () => ({ title: words().absences.empty }),
  lead: () => wordsOf('office').hintHead,
  load: ({ place_id }, cursor) =>
    data(
      GET('/api/v1/posts', {
        params: {
          query: {
            absent: true,
            order: 'place',
            limit: PAGE,
            ...(place_id ? { place_id } : {}),
            ...(cursor ? { cursor } : {}),
          },
        },
      }),
    ),
  columns: [
    ...POSTS.columns,
    { name: 'stand_in', words: () => words().absences.standIn, usual: true, cell: standIn },
  ],
  Detail: AbsenceDrawer,
  Actions: () => (
    <Link className="btn main" href="/absences/new">
      {words().absences.add}
    </Link>
  ),
}

export const Posts = ({ id }: ScreenProps) => <ListScreen spec={POSTS} opened={id} />
export const Absences = ({ id }: ScreenProps) => <ListScreen spec={ABSENCES} opened={id} />
