// Saved views: filters, order and columns under a name, one's own or the office's. What is no more is said here.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { fill } from '@mini/i18n/index'
import { asQuery, type Filters, readAddress } from '../../kit/address'
import { Problem } from '../../kit/Message'
import { Popup } from '../../kit/Popup'
import { changeView, deleteView, listViews, type View } from '../../office'
import { words } from '../../words'
import { SaveView } from './SaveView'
import { viewOf } from './list'

const NAME = 'view' // the parameter of the address that says which view is open

const hrefOf = ({ id, query, columns }: View): string =>
  `/tickets?${[query, asQuery({ cols: columns.join(','), [NAME]: id })].filter(Boolean).join('&')}`

export function Views({ address }: { address: Filters }) {
  const [, navigate] = useLocation()
  const [isNaming, setNaming] = useState(false)
  const openedId = address[NAME] ?? ''
  const [asked, setAsked] = useState(Boolean(openedId))
  const query = useQuery({ queryKey: ['views'], queryFn: listViews, enabled: asked, retry: false })
  const views = query.data?.items ?? []
  const opened = views.find(({ id }) => id === openedId)
  const show = async (view?: View): Promise<void> => {
    setAsked(true)
    setNaming(false)
    await query.refetch()
    navigate(view ? hrefOf(view) : '/tickets')
  }
  if (isNaming) return <SaveView address={address} onSaved={show} onCancel={() => setNaming(false)} />
  return (
    <>
      <Popup
        words={opened?.name ?? words().list.views}
        label={words().list.views}
        onOpen={() => setAsked(true)}
      >
        {query.data && !views.length && <p className="muted pad">{words().views.none}</p>}
        {views.map((view) => (
          <button
            key={view.id}
            type="button"
            className="option menu-option"
            aria-current={view.id === openedId ? 'true' : undefined}
            onClick={(event) => {
              event.currentTarget.closest('details')?.removeAttribute('open')
              navigate(hrefOf(view))
            }}
          >
            <span>{view.name}</span>
            <span className="muted small">{view.office ?? words().views.own}</span>
          </button>
        ))}
        <Problem error={query.error} />
      </Popup>
      {opened && <Opened view={opened} address={address} onChanged={show} />}
      {!opened && viewOf(address) && (
        <button type="button" className="btn text small" onClick={() => setNaming(true)}>
          {words().list.saveView}
        </button>
      )}
    </>
  )
}

interface OpenedProps {
  view: View
  address: Filters
  onChanged: (view?: View) => Promise<void>
}

/** The view that is open: what it was saved with and is no more; what has been changed since. */
function Opened({ view, address, onChanged }: OpenedProps) {
  const text = words().views
  const columns = (address['cols'] ?? '').split(',').filter(Boolean)
  const isChanged =
    view.dropped.length > 0 ||
    viewOf(address) !== viewOf(readAddress(view.query)) ||
    columns.join() !== view.columns.join()
  const change = useMutation({
    mutationFn: async (how: object) =>
      onChanged(await changeView(view.id, { version: view.version, ...how })),
  })
  const gone = useMutation({
    mutationFn: async () => {
      await deleteView(view.id)
      await onChanged()
    },
  })
  return (
    <>
      {isChanged && (
        <button
          type="button"
          className="btn text small"
          onClick={() => change.mutate({ query: viewOf(address), columns })}
        >
          {text.keep}
        </button>
      )}
      <button
        type="button"
        className="btn text small"
        onClick={() => change.mutate({ shared: !view.shared })}
      >
        {view.shared ? text.unshare : text.share}
      </button>
      <button type="button" className="btn text small" onClick={() => gone.mutate()}>
        {words().list.removeView}
      </button>
      {view.dropped.length > 0 && (
        <div className="note soon whole-line" role="alert">
          <p>{fill(text.dropped, { name: view.name })}</p>
          <ul>
            {view.dropped.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <Problem error={change.error ?? gone.error} />
    </>
  )
}
