// Saving the list as it is filtered under a name, for oneself or the office.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { wordsOf } from '@mini/i18n/index'
import { newKey } from '@mini/platform/idempotencyKey'
import { type Filters } from '../../kit/address'
import { Problem } from '../../kit/Message'
import { createView, type View } from '../../office'
import { words } from '../../words'
import { viewOf } from './list'

interface SaveProps {
  address: Filters
  onSaved: (view: View) => Promise<void>
  onCancel: () => void
}

export function SaveView({ address, onSaved, onCancel }: SaveProps) {
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const [key] = useState(newKey)
  const columns = (address['cols'] ?? '').split(',').filter(Boolean)
  const keep = useMutation({
    mutationFn: async () =>
      onSaved(await createView({ name: name.trim(), query: viewOf(address), columns, shared }, key)),
  })
  return (
    <form
      className="row wrap"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) keep.mutate()
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <input
        className="field"
        aria-label={words().columns.name}
        placeholder={words().columns.name}
        maxLength={40}
        value={name}
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
      <label className="check">
        <input type="checkbox" checked={shared} onChange={() => setShared(!shared)} />
        {words().views.shared}
      </label>
      <button className="btn main small" disabled={keep.isPending}>
        {wordsOf('common').save}
      </button>
      <button type="button" className="btn plain small" onClick={onCancel}>
        {wordsOf('common').cancel}
      </button>
      <Problem error={keep.error} />
    </form>
  )
}
