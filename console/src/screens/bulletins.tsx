// Quarterly bulletins (公示): drafted by the program, its words edited, frozen when they are published.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { formatTime } from '@mini/domain/time'
import type { ActionValues } from '@mini/domain/types'
import { fill, wordsOf } from '@mini/i18n/index'
import { problemOf } from '@mini/platform/problem'
import type { components } from '@mini/services/api'
import { data, GET, PATCH, POST } from '../api'
import type { ScreenProps } from '../app'
import { Confirm } from '../kit/Confirm'
import { Drawer } from '../kit/Drawer'
import type { Field } from '../kit/fields'
import { Form } from '../kit/Form'
import { ListScreen } from '../kit/ListScreen'
import type { DetailProps, ListSpec } from '../kit/listSpec'
import { Loaded } from '../kit/Message'
import { say } from '../kit/Toast'
import { words } from '../words'
import { lineOf, listedFields, listedOf, listedValues } from './bulletins/listed'
import { Numbers } from './bulletins/Numbers'
import { NewBulletin } from './bulletins/NewBulletin'

type Ref = components['schemas']['BulletinRef']
type Bulletin = components['schemas']['BulletinOut']
type Texts = components['schemas']['BulletinWords']

const text = () => words().bulletins
const stateOf = ({ published_at }: Ref): string =>
  published_at ? fill(text().published, { at: formatTime(published_at) }) : text().draft

const SPEC: ListSpec<Ref> = {
  name: 'bulletins',
  title: () => words().screens.bulletins,
  lead: () => text().lead,
  filters: [],
  load: (_, cursor) =>
    data(GET('/api/v1/bulletins', { params: { query: { limit: 50, ...(cursor ? { cursor } : {}) } } })),
  id: ({ id }) => id,
  label: ({ title }) => title,
  empty: () => ({ title: text().empty, text: text().emptyText }),
  columns: [
    { name: 'title', words: () => text().title, usual: true, wide: true, cell: ({ title }) => title },
    { name: 'place', words: () => words().office.where, usual: true, cell: ({ place }) => place },
    { name: 'quarter', words: () => text().quarter, usual: true, cell: ({ quarter }) => quarter },
    { name: 'state', words: () => words().columns.state, usual: true, cell: stateOf },
  ],
  Detail: OneBulletin,
  Actions: () => (
    <Link className="btn main" href="/bulletins/new">
      {text().add}
    </Link>
  ),
}

export const Bulletins = ({ id }: ScreenProps) => <ListScreen spec={SPEC} opened={id} />

function OneBulletin(props: DetailProps<Ref>) {
  return props.id === 'new' ? <NewBulletin {...props} /> : <Existing {...props} />
}

const TEXTS = ['title', 'opening', 'projects', 'activities', 'objection'] as const
const FIELDS: readonly Field[] = TEXTS.map((name) => ({
  name,
  kind: name === 'title' ? 'line' : 'text',
  label: () => text()[name],
}))

/** What is typed; what is blank comes from the program again. */
const textsOf = (values: ActionValues): Partial<Texts> =>
  Object.fromEntries(
    TEXTS.filter((name) => name in values).map((name) => [name, lineOf(values, name).trim() || null]),
  )

const initialOf = (bulletin: Bulletin): ActionValues => ({
  ...Object.fromEntries(TEXTS.map((name) => [name, bulletin.words[name]])),
  ...listedValues(bulletin),
})

function Existing({ id, onChange, onClose }: DetailProps<Ref>) {
  const client = useQueryClient()
  const path = { bulletin_id: id }
  const query = useQuery({
    queryKey: ['bulletin', id],
    queryFn: () => data(GET('/api/v1/bulletins/{bulletin_id}', { params: { path } })),
  })
  function show(bulletin: Bulletin): void {
    client.setQueryData(['bulletin', id], bulletin)
    onChange(bulletin)
  }
  /** Somebody else was faster: theirs is fetched and shown, one's own words stay in the form. */
  async function orFetchTheirs<T>(act: Promise<T>): Promise<T> {
    return act.catch(async (error: unknown) => {
      if (problemOf(error).status === 409) await query.refetch()
      throw error
    })
  }
  return (
    <Drawer title={query.data?.title ?? words().screens.bulletins} about={id} onClose={onClose}>
      <Loaded query={query}>
        {(bulletin) => (
          <>
            <p className="muted">
              {bulletin.place} · {bulletin.quarter} · {stateOf(bulletin)}
            </p>
            {bulletin.url ? (
              <Published bulletin={bulletin} />
            ) : (
              <>
                <Form
                  name={`bulletin:${id}`}
                  fields={[...FIELDS, ...listedFields(bulletin)]}
                  initial={initialOf(bulletin)}
                  submit={wordsOf('common').save}
                  focus={false}
                  send={async (values) => {
                    const body: components['schemas']['BulletinWordsIn'] = {
                      ...textsOf(values),
                      listed: listedOf(bulletin, values),
                      version: bulletin.version,
                    }
                    const params = { path }
                    show(
                      await orFetchTheirs(
                        data(PATCH('/api/v1/bulletins/{bulletin_id}', { params, body } as never)),
                      ),
                    )
                    say(text().saved)
                  }}
                />
                <Confirm
                  words={text().publish}
                  tone="main"
                  ask={text().publishAsk}
                  run={async () => {
                    const request = { params: { path }, body: { version: bulletin.version } }
                    show(await orFetchTheirs(data(POST('/api/v1/bulletins/{bulletin_id}/publish', request))))
                    say(text().done)
                  }}
                />
              </>
            )}
            <Numbers numbers={bulletin.numbers} asOf={bulletin.as_of} />
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

function Published({ bulletin }: { bulletin: Bulletin }) {
  return (
    <>
      <a className="btn main" href={bulletin.url!} target="_blank" rel="noopener">
        {text().open}
      </a>
      {TEXTS.slice(1).map((name) => (
        <section key={name}>
          <h3>{text()[name]}</h3>
          <p className="break">{bulletin.words[name]}</p>
        </section>
      ))}
    </>
  )
}
