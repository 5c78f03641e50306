// The counter's own bar: a code, typed or scanned, opens its reservation; and the lists one has open all day.
import { useMutation } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { data, GET } from '../../api'
import type { AddressProps } from '../../kit/listSpec'
import { Problem } from '../../kit/Message'
import { Tabs } from '../../kit/Tabs'
import { words } from '../../words'

/** What each tab asks for; the last asks for all. */
const TABS = {
  granted: { status: 'granted', overdue: '' },
  out: { status: 'out', overdue: '' },
  late: { status: '', overdue: 'true' },
  waiting: { status: 'asked,waiting', overdue: '' },
  all: { status: '', overdue: '' },
} as const
const NAMES = Object.keys(TABS) as (keyof typeof TABS)[]

// The codes that were shown at this counter, by their reservations: shown once, not asked for again.
const shown = new Map<string, string>()
export const shownCode = (id: string): string | undefined => shown.get(id)

/** Whoever is next shows a code: it is typed where it belongs. */
export const toCounter = (): void => document.querySelector<HTMLElement>('.counter input')?.focus()

export function Counter({ filters, change }: AddressProps) {
  const text = words().reservations
  return (
    <>
      <CodeField />
      <Tabs
        label={words().screens.reservations}
        tabs={Object.fromEntries(NAMES.map((name) => [name, text[`tab_${name}`]]))}
        on={NAMES.find(
          (name) =>
            (filters['status'] ?? '') === TABS[name].status &&
            (filters['overdue'] ?? '') === TABS[name].overdue,
        )}
        choose={(name) => change(TABS[name])}
      />
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
