// The rows of a list: pages as they are asked for, changes shown in place, new ones counted.
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { List } from '@mini/services/shapes'
import type { Filters } from './address'
import type { ListSpec } from './listSpec'

export const MOST = 500 // rows in the document
const LOOK = 20_000 // milliseconds between two looks for new rows

export interface Rows<Row> {
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

export function useRows<Row>(spec: ListSpec<Row>, filters: Filters): Rows<Row> {
  const client = useQueryClient()
  const queryKey = useMemo(() => [spec.name, filters], [spec.name, filters])
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
