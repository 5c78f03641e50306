// The counter's own bar: a code, typed or scanned, opens its reservation; and the lists one has open all day.
import { useMutation } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { data, GET } from '../../api'
import type { Filters } from '../../kit/address'
import { Problem } from '../../kit/Message'
import { words } from '../../words'

interface Props {
  filters: Filters
  change: (changed: Record<string, string>) => void
}

/** What each tab asks for; the last asks for all. */
const TABS = {
  granted: { status: 'granted', overdue: '' },
  out: { status: 'out', overdue: '' },
  late: { status: '', overdue: 'true' },
  waiting: { status: 'asked,waiting', overdue: '' },
  all: { status: '', overdue: '' },
} as const

// The codes that were shown at this counter, by their reservations: shown once, not asked for again.
const shown = new Map<string, string>()
export const shownCode = (id: string): string | undefined => shown.get(id)

export function Counter({ filters, change }: Props) {
  const text = words().reservations
  return (
    <>
      <CodeField />
      <div className="tabs" role="group" aria-label={words().screens.reservations}>
        {(Object.keys(TABS) as (keyof typeof TABS)[]).map((name) => {
          const { status, overdue } = TABS[name]
          const isOn = (filters['status'] ?? '') === status && (filters['overdue'] ?? '') === overdue
          return (
            <button
              key={name}
              type="button"
              className={isOn ? 'tab on' : 'tab'}
              aria-pressed={isOn}
              onClick={() => change(TABS[name])}
            >
              {text[`tab_${name}`]}
            </button>
          )
        })}
      </div>
    </>
  )
}

function CodeField() {
  const text = words().reservations
  const [code, setCode] = useState('')
  const [, navigate] = useLocation()
  const find = useMutation({
    mutationFn: async () => data(GET('/api/v1/reservations/scan', { params: { query: { code } } })),
    onSuccess: ({ id }) => {
      shown.set(id, code)
      setCode('')
      navigate(`/reservations/${id}`)
    },
  })
  // A scanner types the code and ends it with Enter.
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && code.trim()) find.mutate()
  }
  return (
    <div className="filters counter">
      <label className="filter">
        <span>{text.scan}</span>
        <input
          className="field ltr"
          value={code}
          placeholder={text.scanHint}
          autoComplete="off"
          autoFocus
          onChange={(event) => setCode(event.target.value)}
          onKeyDown={press}
        />
      </label>
      <button type="button" className="btn main" disabled={!code.trim()} onClick={() => find.mutate()}>
        {text.find}
      </button>
      <Problem error={find.error} />
    </div>
  )
}
