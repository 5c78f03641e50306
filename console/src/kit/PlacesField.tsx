// Several places of a form: each is added by its address, and taken away again.
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { fill, wordsOf } from '@mini/i18n/index'
import { getPlace } from '@mini/services/places'
import { PlacePicker } from './PlacePicker'

export function PlacesField({ value, set }: { value: unknown; set: (ids: string[]) => void }) {
  const ids = (value as string[] | undefined) ?? []
  const [round, setRound] = useState(0) // an empty field for each place
  const found = useQueries({
    queries: ids.map((id) => ({ queryKey: ['place', id], queryFn: () => getPlace(id), staleTime: 600_000 })),
  })
  return (
    <>
      <ul className="chips">
        {ids.map((id, n) => {
          const label = found[n]?.data?.label ?? '…'
          return (
            <li key={id} className="chip on">
              {label}
              <button
                type="button"
                className="btn text small"
                aria-label={fill(wordsOf('orgs').removePlace, { place: label })}
                onClick={() => set(ids.filter((each) => each !== id))}
              >
                ×
              </button>
            </li>
          )
        })}
      </ul>
      <PlacePicker
        key={round}
        label={wordsOf('orgs').addPlace}
        value=""
        onChange={(place) => {
          if (!place || ids.includes(place.id)) return
          set([...ids, place.id])
          setRound(round + 1)
        }}
      />
    </>
  )
}
