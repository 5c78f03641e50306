// Who of a studio mediates a dispute, or may be named to.
import type { Option } from '@mini/domain/forms'
import { data, GET } from '../../api'
import { words } from '../../words'

export async function mediatorsOf(dispute_id: string, mediates: boolean): Promise<Option[]> {
  const { items } = await data(
    GET('/api/v1/disputes/{dispute_id}/mediators', { params: { path: { dispute_id } } }),
  )
  return items
    .filter((each) => each.mediates === mediates)
    .map(({ person_id, name, is_head }) => ({
      value: person_id,
      words: [name ?? words().activities.unnamed, is_head && words().disputes.head]
        .filter(Boolean)
        .join(' · '),
    }))
}
