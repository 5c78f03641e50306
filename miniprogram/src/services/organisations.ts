// Whom one may dispatch to: who serves a place, the category's default first.
import { call } from '../core/request'
import type { List, Organisation, OrganisationForm, OrganisationFull } from './shapes'

export const serving = async (place_id: string, category: string): Promise<Organisation[]> =>
  (await call<List<Organisation>>({ path: '/organisations', query: { place_id, category } })).items

export const servingAt = async (place_id: string): Promise<Organisation[]> => (await call<List<Organisation>>({ path: '/organisations', query: { place_id } })).items

/** What was set up of one: a change of nothing answers with all of it. Refused where it serves others' places too. */
export const whole = (id: string): Promise<OrganisationFull> => call({ method: 'PATCH', path: `/organisations/${id}`, body: {} })
export const add = (form: OrganisationForm, key: string): Promise<OrganisationFull> => call({ method: 'POST', path: '/organisations', body: form, key })
export const alter = (id: string, form: Partial<OrganisationForm>): Promise<OrganisationFull> => call({ method: 'PATCH', path: `/organisations/${id}`, body: form })
