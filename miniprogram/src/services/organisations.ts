// Whom one may dispatch to: who serves a place, the category's default first.
import { call } from '../core/request'
import type { List, Organisation, OrganisationForm, OrganisationFull, OrganisationSeen } from './shapes'

export const serving = async (place_id: string, category: string): Promise<Organisation[]> =>
  (await call<List<Organisation>>({ path: '/organisations', query: { place_id, category } })).items

export const servingAt = async (place_id: string): Promise<Organisation[]> => (await call<List<Organisation>>({ path: '/organisations', query: { place_id } })).items

/** Whom a company could propose when it hands a ticket back. */
export const around = async (ticket_id: string): Promise<Organisation[]> => (await call<List<Organisation>>({ path: '/organisations', query: { ticket_id } })).items

export const whole = (id: string): Promise<OrganisationSeen> => call({ path: `/organisations/${id}` })
export const add = (form: OrganisationForm, key: string): Promise<OrganisationFull> => call({ method: 'POST', path: '/organisations', body: form, key })
export const alter = (id: string, form: Partial<OrganisationForm>): Promise<OrganisationFull> => call({ method: 'PATCH', path: `/organisations/${id}`, body: form })
