// A filter with several values: any of them. The button says which, or how many.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { wordsOf } from '@mini/i18n/index'
import { joined, valuesOf } from './address'
import type { FilterProps } from './Filters'
import { Popup } from './Popup'

const FEW = 2 // values that are said by name

export function SeveralFilter({ spec, value, set }: FilterProps) {
  const [at] = useLocation()
  const [asked, setAsked] = useState(false)
  const chosen = valuesOf(value)
  const { data } = useQuery({
    queryKey: ['choices', at.split('/')[1], spec.name],
    queryFn: async () => spec.choices!(),
    enabled: asked || chosen.length > 0,
    staleTime: 600_000,
  })
  const names = chosen.map((each) => data?.find((choice) => choice.value === each)?.words ?? '…')
  const said = !chosen.length
    ? wordsOf('work').all
    : names.length <= FEW
      ? names.join('、')
      : `${names[0]} +${names.length - 1}`
  const turn = (one: string): void =>
    set(joined(chosen.includes(one) ? chosen.filter((each) => each !== one) : [...chosen, one]))
  return (
    <div className="filter">
      <span aria-hidden="true">{spec.words()}</span>
      <Popup
        label={spec.words()}
        onOpen={() => setAsked(true)}
        words={
          <>
            <span className="hidden">{spec.words()}：</span>
            <span className={chosen.length ? 'chosen on' : 'chosen'}>{said}</span>
          </>
        }
      >
        {data?.length === 0 && <p className="muted pad">{wordsOf('common').emptyTitle}</p>}
        {data?.map((choice) => (
          <label key={choice.value} className="option check">
            <input
              type="checkbox"
              checked={chosen.includes(choice.value)}
              onChange={() => turn(choice.value)}
            />
            {choice.words}
          </label>
        ))}
      </Popup>
    </div>
  )
}
