// Which office a screen is about: one's own community or street, or one below it. The address names it.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { managedPlaces } from '@mini/domain/roles'
import { getPlace, listChildren } from '@mini/services/places'
import { useMe } from '../session'
import { words } from '../words'
import { useAddress } from './address'
import { Empty, Loaded } from './Message'

interface Props {
  screen: string
  /** Communities alone: grids are cut for each. */
  communities?: boolean
  children: (place: string, picker: ReactNode) => ReactNode
}

export function Office({ screen, communities = false, children }: Props) {
  const own = managedPlaces(useMe())
  const { filters, change } = useAddress(screen)
  const query = useQuery({
    queryKey: ['offices', own, communities],
    queryFn: async () => (await Promise.all(own.map((id) => officesOf(id, communities)))).flat(),
    staleTime: 600_000,
  })
  if (!own.length) return <Empty title={words().office.noOffice} />
  return (
    <Loaded query={query}>
      {(offices) => {
        const place = filters['place_id'] ?? offices[0]?.id ?? own[0]!
        return children(
          place,
          offices.length > 1 && (
            <label className="filter">
              <span>{words().office.where}</span>
              <select
                className="field"
                value={place}
                onChange={(event) => change({ place_id: event.target.value })}
              >
                {offices.map(({ id, label }) => (
                  <option key={id} value={id}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          ),
        )
      }}
    </Loaded>
  )
}

/** A street or community and, of a street, its communities. */
export async function officesOf(id: string, communities: boolean): Promise<{ id: string; label: string }[]> {
  const place = await getPlace(id)
  const below = place.level === 'street' ? await listChildren(id) : []
  return [
    ...(communities && place.level === 'street' ? [] : [place]),
    ...below.filter(({ level }) => level === 'community'),
  ]
}
