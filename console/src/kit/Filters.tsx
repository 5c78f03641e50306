// The filters of a list, from a table of them. Each is one parameter of the address.
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { wordsOf } from '@mini/i18n/index'
import { words } from '../words'
import { type Address, valuesOf } from './address'
import { Icon } from './Icon'
import { SeveralFilter } from './SeveralFilter'
import { TimeFilter } from './TimeFilter'

// The list shows before what one may choose a place with is loaded.
const PlacePicker = lazy(() => import('./PlacePicker').then((all) => ({ default: all.PlacePicker })))

export interface Choice {
  value: string
  words: string
}

export interface FilterSpec {
  name: string
  words: () => string
  kind: 'search' | 'choice' | 'several' | 'day' | 'time' | 'place' | 'switch'
  choices?: () => Choice[] | Promise<Choice[]>
  hint?: () => string
  /** What no choice is called; all, unless said. */
  none?: () => string
}

const KEPT = new Set(['tab', 'cols', 'box'])
const TYPING = 400 // milliseconds without a key, after which a search begins

export function Filters({ specs, address }: { specs: readonly FilterSpec[]; address: Address }) {
  // What a link has brought and no field shows is cleared too: `cell` of a figure.
  const given = Object.keys(address.filters).filter((name) => !KEPT.has(name))
  const clear = (): void => address.change(Object.fromEntries(given.map((name) => [name, ''])))
  return (
    <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      {specs.map((spec) => (
        <Filter key={`${spec.name} ${spec.kind}`} spec={spec} address={address} />
      ))}
      {given.length > 0 && (
        <button type="button" className="btn plain small" onClick={clear}>
          {words().list.clear}
        </button>
      )}
    </form>
  )
}

function Filter({ spec, address }: { spec: FilterSpec; address: Address }) {
  const value = address.filters[spec.name] ?? ''
  const set = (next: string): void => address.change({ [spec.name]: next })
  switch (spec.kind) {
    case 'search':
      return <Search spec={spec} value={value} set={set} />
    case 'place':
      return (
        <Suspense fallback={<div className="filter place-wait" />}>
          <PlacePicker
            label={spec.words()}
            value={valuesOf(value)[0] ?? ''}
            onChange={(place) => set(place?.id ?? '')}
          />
        </Suspense>
      )
    case 'switch':
      return (
        <label className="check">
          <input type="checkbox" checked={value === 'true'} onChange={() => set(value ? '' : 'true')} />
          {spec.words()}
        </label>
      )
    case 'day':
      return (
        <label className="filter">
          <span>{spec.words()}</span>
          <input type="date" className="field" value={value} onChange={(event) => set(event.target.value)} />
        </label>
      )
    case 'several':
      return <SeveralFilter spec={spec} value={value} set={set} />
    case 'time':
      return <TimeFilter spec={spec} address={address} />
    case 'choice':
      return <ChoiceFilter spec={spec} value={value} set={set} />
  }
}

export interface FilterProps {
  spec: FilterSpec
  value: string
  set: (value: string) => void
}

function ChoiceFilter({ spec, value, set }: FilterProps) {
  const [at] = useLocation()
  const { data = [] } = useQuery({
    queryKey: ['choices', at.split('/')[1], spec.name],
    queryFn: async () => spec.choices!(),
  })
  return (
    <label className="filter">
      <span>{spec.words()}</span>
      <select className="field" value={value} onChange={(event) => set(event.target.value)}>
        <option value="">{spec.none?.() ?? wordsOf('work').all}</option>
        {data.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.words}
          </option>
        ))}
      </select>
    </label>
  )
}

function Search({ spec, value, set }: FilterProps) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => set(text.trim()), TYPING)
    return () => clearTimeout(timer)
  })
  return (
    <label className="filter search">
      <span>{spec.words()}</span>
      <Icon name="search" />
      <input
        type="search"
        className="field"
        value={text}
        placeholder={spec.hint?.()}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && set(text.trim())}
      />
    </label>
  )
}
