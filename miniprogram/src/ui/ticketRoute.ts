// The address of the page that shows a ticket: staff have their own.
import { store } from '../domain/store'

export const ticketRoute = (id: string): string =>
  store.get().me?.posts.length ? `/staff/ticket/index?id=${id}` : `/pages/ticket/index?id=${id}`
