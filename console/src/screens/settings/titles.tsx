// What an office calls its posts (岗位名称): of each role at each level, its own titles or the common ones.
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { fill, wordsOf } from '@mini/i18n/index'
import { problemOf } from '@mini/platform/problem'
import type { components } from '@mini/services/api'
import { data, GET, PUT } from '../../api'
import type { ScreenProps } from '../../app'
import { useDraft } from '../../drafts'
import type { Column } from '../../kit/columns'
import { Confirm } from '../../kit/Confirm'
import { DataTable } from '../../kit/DataTable'
import { Drawer } from '../../kit/Drawer'
import { Loaded } from '../../kit/Message'
import { Office } from '../../kit/Office'
import { Rows } from '../../kit/Rows'
import { Screen } from '../../kit/Screen'
import { say } from '../../kit/Toast'
import { words } from '../../words'

type All = components['schemas']['TitlesOut']
type OfRole = components['schemas']['RoleTitlesOut']
type Title = components['schemas']['TitleIn']

const text = () => words().titles
const idOf = ({ role, level }: OfRole | Title): string => `${role}-${level}`
const listed = (titles: readonly string[]): string => titles.join('、')

const COLUMNS: readonly Column<OfRole>[] = [
  { name: 'role', words: () => text().role, cell: ({ role_name }) => role_name },
  { name: 'level', words: () => text().level, cell: ({ level_name }) => level_name },
  {
    name: 'titles',
    words: () => text().titles,
    wide: true,
    cell: ({ titles, own }) => (
      <>
        {listed(titles) || <span className="muted">{text().usual}</span>}{' '}
        {own && <span className="tag info">{text().own}</span>}
      </>
    ),
  },
]

export function Titles({ id }: ScreenProps) {
  return (
    <Office screen={id ? `titles/${id}` : 'titles'}>
      {(place, picker) => <TitleTable key={place} place={place} picker={picker} opened={id} />}
    </Office>
  )
}

interface TableProps {
  place: string
  picker: React.ReactNode
  opened: string | undefined
}

function TitleTable({ place, picker, opened }: TableProps) {
  const query = useQuery({
    queryKey: ['titles', place],
    queryFn: () => data(GET('/api/v1/settings/titles', { params: { query: { place_id: place } } })),
  })
  const [, navigate] = useLocation()
  const search = `?place_id=${place}`
  return (
    <Screen title={words().screens.titles} lead={text().lead} actions={picker}>
      <Loaded query={query}>
        {(all) => {
          const item = all.roles.find((each) => idOf(each) === opened)
          return (
            <div className={item ? 'split' : 'whole'}>
              <DataTable
                caption={words().screens.titles}
                columns={COLUMNS}
                rows={all.roles}
                id={idOf}
                label={({ role_name, level_name }) => `${role_name} · ${level_name}`}
                opened={opened}
                hrefOf={(id) => `/titles/${id}${search}`}
              />
              {item && (
                <TitleDrawer
                  key={idOf(item)}
                  all={all}
                  item={item}
                  place={place}
                  onSaved={() => void query.refetch()}
                  onClose={() => navigate(`/titles${search}`)}
                />
              )}
            </div>
          )
        }}
      </Loaded>
    </Screen>
  )
}

interface DrawerProps {
  all: All
  item: OfRole
  place: string
  onSaved: () => void
  onClose: () => void
}

function TitleDrawer({ all, item, place, onSaved, onClose }: DrawerProps) {
  const draft = useDraft(
    `titles:${place}:${idOf(item)}`,
    item.titles.map((title) => ({ title })),
  )
  async function put(titles: readonly string[]): Promise<void> {
    const rest = all.own.filter((each) => idOf(each) !== idOf(item))
    const own = titles.map((title) => ({ title, role: item.role, level: item.level }))
    const body = { version: all.version, titles: [...rest, ...own] }
    const fresh = await data(
      PUT('/api/v1/settings/titles', { params: { query: { place_id: place } }, body }),
    ).catch((error: unknown) => {
      if (problemOf(error).status === 409) onSaved() // somebody was faster: theirs is shown beside one's own words
      throw error
    })
    const now = fresh.roles.find((each) => idOf(each) === idOf(item))
    draft.set((now?.titles ?? []).map((title) => ({ title })))
    draft.clear()
    say(text().saved)
    onSaved()
  }
  return (
    <Drawer title={`${item.role_name} · ${item.level_name}`} about={idOf(item)} onClose={onClose}>
      <Rows
        label={text().list}
        rows={draft.value}
        set={draft.set}
        fresh={{ title: '' }}
        fields={[{ name: 'title', words: text().titles }]}
      />
      <Confirm
        words={wordsOf('common').save}
        tone="main"
        run={() => put(draft.value.map(({ title }) => title.trim()).filter(Boolean))}
      />
      {item.own && (
        <Confirm
          words={fill(text().back, { titles: listed(item.default) || text().usual })}
          run={() => put([])}
        />
      )}
    </Drawer>
  )
}
