// The desk of whoever holds a post: what waits for them, accepted or taken with one tap from the list.
import { boxed, listing } from '../../core/listing'
import { onlooker } from '../../core/office'
import { store } from '../../core/store'
import { say } from '../../i18n/index'

const DISPATCHERS = new Set(['community', 'street'])
const heads = (): boolean => Boolean(store.get().me?.posts.some((post) => DISPATCHERS.has(post.role)))

listing({
  title: (t) => t.work.title,
  boxes: () => (onlooker() ? boxed('all') : heads() ? boxed('inbox', 'unassigned', 'all') : boxed('inbox', 'all')),
  quick: 'accept',
  empty: () => {
    const who = onlooker() // an admin or auditor handles nothing: the page says what is theirs instead
    return who ? { title: say('desk')[`${who}Title`], text: say('desk')[`${who}Text`] } : { title: say('work').empty, text: say('work').emptyText }
  },
})

