// Which page shows a ticket: whoever holds a post gets the desk's, residents theirs.
import { store } from './store'

export const ticketPage = (id: string): string => (store.get().me?.posts.length ? `/staff/ticket/index?id=${id}` : `/pages/ticket/index?id=${id}`)
