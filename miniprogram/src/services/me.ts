// The person who is signed in: profile, consent, phone, invitations, their data.
import { request } from '../platform/request'
import type { Consent, Export, List, Look, Person } from './shapes'

export interface ProfileChange {
  name?: string | null
  home_id?: string | null
  room?: string | null // the number on the door of the home
  language?: string | null
}

export const getMe = (): Promise<Person> => request({ path: '/me' })
export const patchMe = (body: ProfileChange): Promise<Person> =>
  request({ method: 'PATCH', path: '/me', body })

export const getConsentGuide = (): Promise<Consent> => request({ path: '/consent' })
export const putConsent = (version: string): Promise<Person> =>
  request({ method: 'PUT', path: '/me/consent', body: { version } })
export const deleteConsent = (): Promise<Person> => request({ method: 'DELETE', path: '/me/consent' })

/** `code` from WeChat's phone button (verified), or a typed `phone` (a contact only). */
export const postPhone = (body: { code: string } | { phone: string }): Promise<Person> =>
  request({ method: 'POST', path: '/me/phone', body })

export const postInvitation = (code: string): Promise<Person> =>
  request({ method: 'POST', path: '/me/invitations', body: { code } })

export const exportData = (): Promise<Export> => request({ path: '/me/export' })

/** Who of the office has looked at the person's phone number or identity. */
export const listLooks = (cursor?: string | null): Promise<List<Look>> =>
  request({ path: '/me/looks', query: { cursor, limit: 30 } })

/** Erase the account; open tickets are kept for the office or withdrawn. */
export const deleteMe = (open: 'keep' | 'withdraw'): Promise<unknown> =>
  request({ method: 'DELETE', path: '/me', query: { open_tickets: open } })
