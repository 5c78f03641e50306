// What is done with a list as it is filtered: exported, kept as a view, opened from one.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { Problem } from '../../kit/Message'
import { save } from '../../kit/save'
import { createView, deleteView, getExport, listViews } from '../../office'
import { words } from '../../words'
import { queryOf } from './list'

const FORMATS = ['xlsx', 'csv'] as const

export function AllActions() {
  const search = useSearch()
  const filters = Object.fromEntries(new URLSearchParams(search))
  const file = useMutation({
    mutationFn: async (format: string) =>
      save(await getExport({ box: 'all', ...queryOf(filters), format }), `tickets.${format}`),
  })
  return (
    <>
      <Views search={search} columns={filters['cols']?.split(',') ?? []} />
      {FORMATS.map((format) => (
        <button
          key={format}
          type="button"
          className="btn plain small"
          disabled={file.isPending}
          onClick={() => file.mutate(format)}
        >
          {words().list.export} {format.toUpperCase()}
        </button>
      ))}
      <Problem error={file.error} />
    </>
  )
}

function Views({ search, columns }: { search: string; columns: string[] }) {
  const [, navigate] = useLocation()
  const [name, setName] = useState<string | null>(null)
  const [asked, setAsked] = useState(false)
  const query = useQuery({ queryKey: ['views'], queryFn: listViews, enabled: asked, retry: false })
  const views = query.data?.items ?? []
  const opened = views.find((view) => view.query === search)
  const keep = useMutation({
    mutationFn: () => createView({ name: name!.trim(), query: search, columns, shared: false }, newKey()),
    onSuccess: () => {
      setName(null)
      setAsked(true)
      void query.refetch()
    },
  })
  if (name !== null)
    return (
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim()) keep.mutate()
        }}
      >
        <input
          className="field"
          aria-label={words().columns.name}
          value={name}
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
        <button className="btn main small">{wordsOf('common').save}</button>
        <button type="button" className="btn plain small" onClick={() => setName(null)}>
          {wordsOf('common').cancel}
        </button>
        <Problem error={keep.error} />
      </form>
    )
  return (
    <>
      {!asked && (
        <button type="button" className="btn plain small" onClick={() => setAsked(true)}>
          {words().list.views}
        </button>
      )}
      {asked && (
        <label className="row">
          <span className="muted small">{words().list.views}</span>
          <select
            className="field"
            autoFocus
            value={opened?.query ?? ''}
            onChange={(event) => navigate(`/tickets${event.target.value ? `?${event.target.value}` : ''}`)}
          >
            <option value="" />
            {views.map((view) => (
              <option key={view.id} value={view.query}>
                {view.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {opened?.mine ? (
        <button
          type="button"
          className="btn text small"
          onClick={() => void deleteView(opened.id).then(() => query.refetch())}
        >
          {words().list.removeView}
        </button>
      ) : (
        search && (
          <button type="button" className="btn text small" onClick={() => setName('')}>
            {words().list.saveView}
          </button>
        )
      )}
    </>
  )
}
