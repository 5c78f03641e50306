// Companies and departments of a community: those that serve one of its estates. The API lists them by place only, and only to
// who handles tickets; an admin sees those that have an agent, by their posts.
import { holds } from '../core/office'
import { servingAt } from '../services/organisations'
import { below } from '../services/places'
import { list } from '../services/posts'

export interface Company {
  id: string
  name: string
  kind: string
  kind_name: string
}

/** Whether the whole list can be had. */
export const listed = (): boolean => holds(['community', 'street'])

export async function companies(community: string): Promise<Company[]> {
  if (!listed()) return withAgents()
  const places = [community, ...(await below(community)).map((place) => place.id)]
  const found = (await Promise.all(places.map(servingAt))).flat()
  return distinct(found).sort((a, b) => b.kind.localeCompare(a.kind))
}

async function withAgents(): Promise<Company[]> {
  const { items } = await list({ role: 'agent' })
  return distinct(items.map(({ organisation_id, label, role_name }) => ({ id: organisation_id!, name: label.replace(role_name, '').trim(), kind: '', kind_name: '' })))
}

const distinct = (all: Company[]): Company[] => [...new Map(all.map((each) => [each.id, each])).values()]
