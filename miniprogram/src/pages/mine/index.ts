// What I reported, and what I follow.
import { boxed, listing } from '../../core/listing'
import { say } from '../../i18n/index'

listing({
  title: (t) => t.mine.title,
  words: ['mine'],
  boxes: () => boxed('mine', 'following'),
  empty: (box) => {
    const words = say('mine')
    return box === 'mine' ? { title: words.emptyMine, text: words.emptyMineText } : { title: words.emptyFollowing, text: words.emptyFollowingText }
  },
})
