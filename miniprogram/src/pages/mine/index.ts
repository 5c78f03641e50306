// The reader's own tickets and those they follow.
import { wordsOf } from '../../i18n/index'
import { boxTabs, defineListPage } from '../../ui/listing'

defineListPage({
  title: (t) => t.mine.title,
  words: ['mine'],
  boxes: () => boxTabs('mine', 'following'),
  empty: (box) => {
    const words = wordsOf('mine')
    return box === 'mine'
      ? { title: words.emptyMine, text: words.emptyMineText }
      : { title: words.emptyFollowing, text: words.emptyFollowingText }
  },
})
