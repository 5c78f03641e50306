// The subscribe messages somebody lets us send, and which to ask for.
import { request } from '../platform/request'
import type { SubscriptionAnswer, Subscriptions } from './shapes'

export const getSubscriptions = (): Promise<Subscriptions> => request({ path: '/me/subscriptions' })

/** Answers just given; returns what is left to ask for. */
export const postSubscriptions = (templates: SubscriptionAnswer[]): Promise<Subscriptions> =>
  request({ method: 'POST', path: '/me/subscriptions', body: { templates } })
