// Companies and departments, a list with a drawer.
import { lazy } from 'react'
import { Link } from 'wouter'
import { wordsOf } from '@mini/i18n/index'
import { listOrganisationsAt } from '@mini/services/organisations'
import type { Organisation } from '@mini/services/shapes'
import { managedPlaces } from '@mini/domain/roles'
import type { ScreenProps } from '../../app'
import { ListScreen } from '../../kit/ListScreen'
import type { ListSpec } from '../../kit/listSpec'
import { words } from '../../words'

const OrganisationDrawer = lazy(() =>
  import('./OrganisationDrawer').then((all) => ({ default: all.OrganisationDrawer })),
)

const ORGANISATIONS: ListSpec<Organisation> = {
  name: 'organisations',
  title: () => words().screens.organisations,
  filters: [{ name: 'place_id', kind: 'place', words: () => words().office.where }],
  load: async (filters) => ({
    items: await listOrganisationsAt(filters['place_id'] ?? managedPlaces()[0] ?? ''),
  }),
  id: ({ id }) => id,
  label: ({ name }) => name,
  empty: () => ({ title: wordsOf('orgs').empty, text: wordsOf('orgs').emptyText }),
  columns: [
    { name: 'name', words: () => words().columns.name, usual: true, wide: true, cell: ({ name }) => name },
    { name: 'kind', words: () => words().columns.kind, usual: true, cell: ({ kind_name }) => kind_name },
  ],
  Detail: OrganisationDrawer,
  Actions: () => (
    <Link className="btn main" href="/organisations/new">
      {wordsOf('orgs').add}
    </Link>
  ),
}

export const Organisations = ({ id }: ScreenProps) => <ListScreen spec={ORGANISATIONS} opened={id} />
