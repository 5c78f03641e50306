// Who I am: profile, consent, phone, home, invitations, my data.
import { call } from '../core/request'
import { store } from '../core/store'
import type { Consent, Export, Person } from './shapes'

let fetching: Promise<Person> | null = null

/** Fetch who I am; who asks meanwhile gets the same answer. */
export function fetchMe(): Promise<Person> {
  fetching ??= call<Person>({ path: '/me' }).then(mine).finally(() => (fetching = null))
  return fetching
}

export async function change(values: { name?: string | null; home_id?: string | null; language?: string | null }): Promise<Person> {
  return mine(await call<Person>({ method: 'PATCH', path: '/me', body: values }))
}

export const guide = (): Promise<Consent> => call({ path: '/consent' })

export async function consent(version: string): Promise<Person> {
  return mine(await call<Person>({ method: 'PUT', path: '/me/consent', body: { version } }))
}

export async function disagree(): Promise<Person> {
  return mine(await call<Person>({ method: 'DELETE', path: '/me/consent' }))
}

/** `code` from WeChat's phone button (verified), or a typed `phone` (a contact only). */
export async function setPhone(given: { code: string } | { phone: string }): Promise<Person> {
  return mine(await call<Person>({ method: 'POST', path: '/me/phone', body: given }))
}

export async function redeem(code: string): Promise<Person> {
  return mine(await call<Person>({ method: 'POST', path: '/me/invitations', body: { code } }))
}

export const exported = (): Promise<Export> => call({ path: '/me/export' })

export const erase = (open: 'keep' | 'withdraw'): Promise<unknown> => call({ method: 'DELETE', path: '/me', query: { open_tickets: open } })

function mine(me: Person): Person {
  store.set({ me })
  return me
}
