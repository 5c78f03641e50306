// Companies and departments, and their API keys.
import { request } from '../platform/request'
import { listAll } from './pages'
import type {
  ApiKey,
  ApiKeyForm,
  MadeApiKey,
  Organisation,
  OrganisationForm,
  OrganisationFull,
  OrganisationView,
} from './shapes'

export const listOrganisations = (place_id: string, category: string): Promise<Organisation[]> =>
  listAll('/organisations', { place_id, category })

/** All that serve a place or a part of it. */
export const listOrganisationsAt = (place_id: string): Promise<Organisation[]> =>
  listAll('/organisations', { place_id })

/** Organisations a ticket can be dispatched to; one that has refused it is not the default. */
export const listForDispatch = (ticket_id: string, category: string): Promise<Organisation[]> =>
  listAll('/organisations', { ticket_id, category })

/** Organisations a company can propose when it hands a ticket back. */
export const listProposable = (ticket_id: string): Promise<Organisation[]> =>
  listAll('/organisations', { ticket_id })

export const getOrganisation = (id: string): Promise<OrganisationView> =>
  request({ path: `/organisations/${id}` })
export const createOrganisation = (form: OrganisationForm, key: string): Promise<OrganisationFull> =>
  request({ method: 'POST', path: '/organisations', body: form, key })
export const updateOrganisation = (id: string, form: Partial<OrganisationForm>): Promise<OrganisationFull> =>
  request({ method: 'PATCH', path: `/organisations/${id}`, body: form })

export const listKeys = (id: string): Promise<ApiKey[]> => listAll(`/organisations/${id}/keys`)
export const createKey = (id: string, form: ApiKeyForm, key: string): Promise<MadeApiKey> =>
  request({ method: 'POST', path: `/organisations/${id}/keys`, body: form, key })
export const revokeKey = (id: string, key_id: string): Promise<unknown> =>
  request({ method: 'DELETE', path: `/organisations/${id}/keys/${key_id}` })
