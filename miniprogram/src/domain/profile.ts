// The person who is signed in. Every answer of the API about them goes to the store.
import {
  deleteConsent,
  getMe,
  patchMe,
  postInvitation,
  postPhone,
  type ProfileChange,
  putConsent,
} from '../services/me'
import type { Person } from '../services/shapes'
import { store } from './store'

let pending: Promise<Person> | null = null

/** Fetch the person; calls at the same time share one request. */
export function fetchMe(): Promise<Person> {
  pending ??= getMe()
    .then(toStore)
    .finally(() => (pending = null))
  return pending
}

export const changeProfile = async (change: ProfileChange): Promise<Person> => toStore(await patchMe(change))
export const giveConsent = async (version: string): Promise<Person> => toStore(await putConsent(version))
export const withdrawConsent = async (): Promise<Person> => toStore(await deleteConsent())
export const redeemInvitation = async (code: string): Promise<Person> => toStore(await postInvitation(code))

/** `code` from WeChat's phone button (verified), or a typed `phone` (a contact only). */
export const setPhone = async (value: { code: string } | { phone: string }): Promise<Person> =>
  toStore(await postPhone(value))

function toStore(me: Person): Person {
  store.set({ me })
  return me
}
