// What a list of tickets is narrowed by.
import { fetchCategories } from '@mini/domain/categories'
import { managedPlaces } from '@mini/domain/roles'
import { labelOf, wordsOf } from '@mini/i18n/index'
import type { Status } from '@mini/services/shapes'
import { data, GET } from '../../api'
import type { Choice, FilterSpec } from '../../kit/Filters'
import { officesOf } from '../../kit/Office'
import { words } from '../../words'

const STATUSES: readonly Status[] = [
  ...(['new', 'accepted', 'dispatched', 'waiting', 'resolved', 'closed', 'rejected', 'merged'] as const),
]

const categories = async (): Promise<Choice[]> =>
  (await fetchCategories()).map(({ code, name }) => ({ value: code, words: name }))

/** The communities one manages, if there are several, and their grids. Whoever manages none has no choice. */
async function units(): Promise<Choice[]> {
  const own = managedPlaces()
  const communities = (await Promise.all(own.map((place) => officesOf(place, true)))).flat()
  const grids = (await Promise.all(communities.map(({ id }) => gridsOf(id)))).flat()
  return [...(communities.length > 1 ? communities : []), ...grids].map(({ id, label }) => ({
    value: id,
    words: label,
  }))
}

const gridsOf = async (parent: string) =>
  (await data(GET('/api/v1/places', { params: { query: { parent, level: 'grid', limit: 100 } } }))).items

export const TICKET_FILTERS: readonly FilterSpec[] = [
  {
    name: 'q',
    kind: 'search',
    words: () => words().list.search,
    hint: () => wordsOf('workbench').searchHint,
  },
  { name: 'place_id', kind: 'place', words: () => words().columns.where },
  { name: 'category', kind: 'several', words: () => words().columns.what, choices: categories },
  {
    name: 'status',
    kind: 'several',
    words: () => words().columns.status,
    choices: () => STATUSES.map((status) => ({ value: status, words: labelOf('status', status) })),
  },
  { name: 'unit_id', kind: 'several', words: () => words().list.unit, choices: units },
  { name: 'overdue', kind: 'switch', words: () => wordsOf('workbench').overdue },
]

/** Of a list by time: where it begins, and which end comes first. */
export const TIME_FILTERS: readonly FilterSpec[] = [
  { name: 'created_from', kind: 'time', words: () => words().columns.created },
  {
    name: 'order',
    kind: 'choice',
    words: () => words().list.order,
    none: () => words().list.new,
    choices: () => [{ value: 'old', words: words().list.old }],
  },
]
