// Whose group robots there are to set: an office and its grids, one's own grids, one's organisation.
import type { RobotOwner } from '../../services/robots'
import { getGrids, listOwnGrids } from '../../services/settings'
import type { Person, Place } from '../../services/shapes'

export interface Owner {
  id: string
  name: string
  kind: 'street' | 'community' | 'grid' | 'organisation'
  query: RobotOwner
}

const unit = (id: string, name: string, kind: Owner['kind']): Owner => ({
  id,
  name,
  kind,
  query: { place_id: id },
})

/** Those of an office the reader manages, and the reader's own. */
export async function ownersOf(me: Person, office: Place | undefined): Promise<Owner[]> {
  const managed = office ? await ownersAt(office) : []
  const own = await ownOwners(me)
  return [...managed, ...own.filter(({ id }) => !managed.some((each) => each.id === id))]
}

/** A street by itself; a community with its grids. */
async function ownersAt({ id, name, level }: Place): Promise<Owner[]> {
  if (level === 'street') return [unit(id, name, 'street')]
  const { grids } = await getGrids(id)
  return [unit(id, name, 'community'), ...grids.map((grid) => unit(grid.id, grid.name, 'grid'))]
}

/** The grids somebody heads or is deputy of, and the organisation they act for. */
async function ownOwners({ posts, organisation }: Person): Promise<Owner[]> {
  const own = posts.filter(({ role }) => role === 'head' || role === 'deputy').map((post) => post.place_id)
  const grids = own.length ? await listOwnGrids() : []
  const units = grids.filter(({ id }) => own.includes(id)).map(({ id, label }) => unit(id, label, 'grid'))
  return organisation ? [...units, ofOrganisation(organisation)] : units
}

const ofOrganisation = ({ id, name }: { id: string; name: string }): Owner => ({
  id,
  name,
  kind: 'organisation',
  query: { organisation_id: id },
})
