// A screen that is a list: filters, table, drawer, keyboard. What it lists is a descriptor.
import { Suspense, useCallback, useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { asQuery, type Filters as Values, readAddress, useAddress } from './address'
import { useColumns } from './columns'
import { DataTable, type TableProps } from './DataTable'
import { Filters } from './Filters'
import { useKeys } from './keys'
import { Content, Folded, More, News } from './ListParts'
import type { ListSpec } from './listSpec'
import { ListTools } from './ListTools'
import { Loading } from './Message'
import { Screen } from './Screen'
import { MOST, useRows } from './useRows'
import { useSelection } from './useSelection'

export function ListScreen<Row>({ spec, opened }: { spec: ListSpec<Row>; opened?: string | undefined }) {
  const address = useAddress(spec.name)
  const [, navigate] = useLocation()
  const filters = useAsked(address.filters)
  const list = useRows(spec, filters)
  const { shown, choose } = useColumns(spec.name, spec.columns, address)
  const [cursor, setCursor] = useState<string | undefined>(opened)
  const { ids, toggle, select } = useSelection(filters)
  const latest = list.rows.slice(-MOST)
  const rows = spec.arrange?.(latest, address.filters) ?? latest
  const close = useCallback(() => {
    navigate(address.hrefOf())
    document.querySelector<HTMLElement>(`[data-id="${opened}"] a.row-link`)?.focus()
  }, [navigate, address, opened])
  const goTo = (id: string): void => {
    setCursor(id)
    document.querySelector<HTMLElement>(`[data-id="${id}"] a.row-link`)?.focus()
  }
  const step = (by: number): void => {
    const at = rows.findIndex((row) => spec.id(row) === cursor)
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]
    if (next) goTo(spec.id(next))
    if (by > 0 && at >= rows.length - 2) list.more?.()
    if (next && opened) navigate(address.hrefOf(spec.id(next)), { replace: true })
  }
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
  const { Detail, Bulk, Actions, Above, Rows, tabs: Tabs } = spec
  const isAll = ids.size > 0 && list.rows.every((row) => ids.has(spec.id(row)))
  const done = (row: Row): void => {
    list.replace(row)
    const at = rows.findIndex((each) => spec.id(each) === spec.id(row))
    const next = rows[at + 1]
    if (next) goTo(spec.id(next))
  }
  const table: TableProps<Row> = {
    caption: spec.title(),
    columns: opened ? shown.filter(({ spare }) => !spare) : shown,
    rows: rows,
    id: spec.id,
    label: spec.label,
    cursor: cursor,
    onCursor: setCursor,
    opened: opened,
    hrefOf: Detail ? address.hrefOf : undefined,
    tone: spec.tone,
    selection: Bulk && { ids, toggle, toggleAll: () => select(ids.size ? [] : list.rows.map(spec.id)) },
  }
  return (
    <Screen title={spec.title()} lead={spec.lead?.()} actions={Actions && <Actions />}>
      {Tabs && <Tabs filters={address.filters} change={address.change} />}
      <div className="list-bar">
        <Filters specs={spec.filters} address={address} />
        <ListTools columns={spec.columns} shown={shown} choose={choose} />
      </div>
      {Above && <Above filters={address.filters} change={address.change} />}
      {Bulk && ids.size > 0 && (
        <Suspense>
          <Bulk
            ids={ids}
            rows={list.rows.filter((row) => ids.has(spec.id(row)))}
            freeze={isAll && list.more && spec.freeze ? () => spec.freeze!(filters) : undefined}
            select={select}
            onChange={list.replace}
          />
        </Suspense>
      )}
      <News count={list.news} show={list.reload} />
      <div className={opened ? 'split' : 'whole'}>
        <div className="list">
          <Folded list={list} />
          <Content list={list} empty={spec.empty}>
            {Rows ? <Rows {...table} filters={address.filters} /> : <DataTable {...table} />}
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

/** The filters that are asked for, the same object while they say the same: columns are shown, not asked for. */
function useAsked(filters: Values): Values {
  const { cols, ...asked } = filters
  void cols
  const query = asQuery(asked)
  return useMemo(() => readAddress(query), [query])
}
