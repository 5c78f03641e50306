// A screen that is a list: filters, table, drawer, keyboard. What it lists is a descriptor.
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  type ComponentType,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from 'react'
import { useLocation } from 'wouter'
import { fill, wordsOf } from '@mini/i18n/index'
import type { List } from '@mini/services/shapes'
import { words } from '../words'
import { type Filters as Values, useAddress } from './address'
import { type Column, useColumns } from './columns'
import { DataTable } from './DataTable'
import { type FilterSpec, Filters } from './Filters'
import { useKeys } from './keys'
import { ListTools } from './ListTools'
import { Empty, Failed, Loading } from './Message'
import { Screen } from './Screen'

export interface DetailProps<Row> {
  id: string
  row: Row | undefined
  /** The row has changed: show it so. */
  onChange: (row: Row) => void
  /** Something was done: show the row so, and go on to the next. */
  onDone: (row: Row) => void
  onClose: () => void
}

export interface ListSpec<Row> {
  name: string // of the screen, first part of its address
  title: () => string
  lead?: () => string
  filters: readonly FilterSpec[]
  columns: readonly Column<Row>[]
  load: (filters: Values, cursor: string | null) => Promise<List<Row>>
  id: (row: Row) => string
  label: (row: Row) => string
  empty: () => { title: string; text?: string }
  /** The drawer. */
  Detail?: ComponentType<DetailProps<Row>>
  tone?: (row: Row) => string
  /** Look for new rows by itself. */
  live?: boolean
  tabs?: ComponentType<{ filters: Values; change: (changed: Record<string, string>) => void }>
  Actions?: ComponentType<{ reload: () => void }>
  /** What can be done with the selected rows; without it there is no selection. */
  Bulk?: ComponentType<{ rows: Row[]; filters: Values; clear: () => void; onChange: (row: Row) => void }>
}

const MOST = 500 // rows in the document
const LOOK = 20_000 // milliseconds between two looks for new rows

export function ListScreen<Row>({ spec, opened }: { spec: ListSpec<Row>; opened?: string | undefined }) {
  const address = useAddress(spec.name)
  const [, navigate] = useLocation()
  const list = useRows(spec, address.filters)
  const { shown, choose } = useColumns(spec.name, spec.columns, address)
  const [cursor, setCursor] = useState<string | undefined>(opened)
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const rows = list.rows.slice(-MOST)
  const close = useCallback(() => {
    navigate(address.hrefOf())
    document.querySelector<HTMLElement>(`tr[data-id="${opened}"] a.row-link`)?.focus()
  }, [navigate, address, opened])
  const goTo = (id: string): void => {
    setCursor(id)
    document.querySelector<HTMLElement>(`tr[data-id="${id}"] a.row-link`)?.focus()
  }
  const step = (by: number): void => {
    const at = rows.findIndex((row) => spec.id(row) === cursor)
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]
    if (next) goTo(spec.id(next))
    if (by > 0 && at >= rows.length - 2) list.more?.()
    if (next && opened) navigate(address.hrefOf(spec.id(next)), { replace: true })
  }
  const toggle = (id: string): void => setIds((before) => toggled(before, id))
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    ...(spec.Bulk ? { x: () => cursor && toggle(cursor) } : {}),
    Enter: () => cursor && spec.Detail && navigate(address.hrefOf(cursor)),
    '/': () => document.querySelector<HTMLElement>('.filters input')?.focus(),
    r: () => list.reload(),
    Escape: () => opened && close(),
  })
  const { Detail, Bulk, Actions, tabs: Tabs } = spec
  const selected = list.rows.filter((row) => ids.has(spec.id(row)))
  const done = (row: Row): void => {
    list.replace(row)
    const at = rows.findIndex((each) => spec.id(each) === spec.id(row))
    const next = rows[at + 1]
    if (next) goTo(spec.id(next))
  }
  return (
    <Screen title={spec.title()} lead={spec.lead?.()} actions={Actions && <Actions reload={list.reload} />}>
      {Tabs && <Tabs filters={address.filters} change={address.change} />}
      <div className="list-bar">
        <Filters specs={spec.filters} address={address} />
        <ListTools columns={spec.columns} shown={shown} choose={choose} />
      </div>
      {Bulk && selected.length > 0 && (
        <Suspense>
          <Bulk
            rows={selected}
            filters={address.filters}
            clear={() => setIds(new Set())}
            onChange={list.replace}
          />
        </Suspense>
      )}
      <News count={list.news} show={list.reload} />
      <div className={opened ? 'split' : 'whole'}>
        <div className="list">
          {list.hidden > 0 && (
            <p className="note">
              {fill(words().list.folded, { n: list.hidden })}{' '}
              <button type="button" className="btn text" onClick={list.reload}>
                {words().list.toStart}
              </button>
            </p>
          )}
          <Content list={list} empty={spec.empty}>
            <DataTable
              caption={spec.title()}
              columns={opened ? shown.filter(({ spare }) => !spare) : shown}
              rows={rows}
              id={spec.id}
              label={spec.label}
              cursor={cursor}
              onCursor={setCursor}
              opened={opened}
              hrefOf={Detail ? address.hrefOf : undefined}
              tone={spec.tone}
              selection={
                Bulk && {
                  ids,
                  toggle,
                  toggleAll: () => setIds(ids.size ? new Set() : new Set(rows.map(spec.id))),
                }
              }
            />
          </Content>
          <More list={list} />
        </div>
        {opened && Detail && (
          <Suspense fallback={<Loading />}>
            <Detail
              key={opened}
              id={opened}
              row={list.rows.find((row) => spec.id(row) === opened)}
              onChange={list.replace}
              onDone={done}
              onClose={close}
            />
          </Suspense>
        )}
      </div>
    </Screen>
  )
}

function toggled(before: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(before)
  if (!next.delete(id)) next.add(id)
  return next
}

interface Rows<Row> {
  rows: Row[]
  isLoading: boolean
  error: unknown
  hidden: number // rows before those in the document
  more: (() => void) | undefined
  isFetching: boolean
  news: number
  reload: () => void
  replace: (row: Row) => void
}

function useRows<Row>(spec: ListSpec<Row>, values: Values): Rows<Row> {
  const { cols, ...filters } = values
  void cols // shown is not asked for
  const client = useQueryClient()
  const queryKey = useMemo(() => [spec.name, filters], [spec.name, JSON.stringify(filters)]) // eslint-disable-line react-hooks/exhaustive-deps -- compared by content
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => spec.load(filters, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last: List<Row>) => last.next ?? null,
  })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const first = useQuery({
    queryKey: ['news', ...queryKey],
    queryFn: () => spec.load(filters, null),
    enabled: Boolean(spec.live && query.data),
    initialData: undefined,
    refetchInterval: LOOK,
  })
  const known = useMemo(() => new Set(rows.map(spec.id)), [rows, spec])
  const news = (query.isFetching ? [] : (first.data?.items ?? [])).filter((row) => !known.has(spec.id(row)))
  const reload = useCallback(() => {
    client.removeQueries({ queryKey: ['news', ...queryKey] })
    void client.resetQueries({ queryKey })
  }, [client, queryKey])
  const replace = useCallback(
    (row: Row) =>
      client.setQueryData<InfiniteData<List<Row>>>(
        queryKey,
        (before) =>
          before && {
            ...before,
            pages: before.pages.map((page) => ({
              ...page,
              items: page.items.map((each) => (spec.id(each) === spec.id(row) ? row : each)),
            })),
          },
      ),
    [client, queryKey, spec],
  )
  return {
    rows,
    isLoading: query.isPending,
    error: query.error,
    hidden: Math.max(0, rows.length - MOST),
    more: query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined,
    isFetching: query.isFetchingNextPage,
    news: news.length,
    reload,
    replace,
  }
}

interface ContentProps<Row> {
  list: Rows<Row>
  empty: ListSpec<Row>['empty']
  children: ReactNode
}

function Content<Row>({ list, empty, children }: ContentProps<Row>) {
  if (list.rows.length) return children
  if (list.error) return <Failed error={list.error} retry={list.reload} />
  return list.isLoading ? <Loading /> : <Empty {...empty()} />
}

function More<Row>({ list }: { list: Rows<Row> }) {
  if (!list.rows.length) return null
  return (
    <p className="more">
      <span className="muted">{fill(words().list.count, { n: list.rows.length })}</span>
      {list.more && (
        <button type="button" className="btn plain" onClick={list.more}>
          {words().list.more}
        </button>
      )}
      {list.isFetching && <span role="status">{wordsOf('common').loading}</span>}
    </p>
  )
}

/** New rows are announced; the reader says when to show them. */
function News({ count, show }: { count: number; show: () => void }) {
  const [said, setSaid] = useState(0)
  useEffect(() => setSaid(count), [count])
  return (
    <div aria-live="polite" className="news">
      {said > 0 && (
        <button type="button" className="note link" onClick={show}>
          {fill(words().list.news, { n: said })} <kbd>r</kbd>
        </button>
      )}
    </div>
  )
}
