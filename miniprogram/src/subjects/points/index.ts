// One's points (我的积分): what there is of each circle, what lapses when, and for each line what it was for and who
// confirmed it. Never a ranking.
import { formatTime } from '../../domain/time'
import { formatDay } from '../../domain/dates'
import { fill, wordsOf } from '../../i18n/index'
import { listOwnAccounts, listTransfers } from '../../services/accounts'
import type { Account, Transfer } from '../../services/shapes'
import { definePage } from '../../ui/page'
import { subjectRoute } from '../../ui/subjectRoute'
import '../words/index'

interface Line {
  id: string
  what: string
  amount: string
  about: string
  url: string
}
interface Book {
  id: string
  name: string
  balance: number
  lapse: string
  lines: Line[]
  next: string
}

definePage({
  words: ['points'],
  title: (t) => t.points.title,
  data: { books: [] as Book[] },
  instanceFields: { busy: false },
  methods: {
    async more(event: { currentTarget: { dataset: { n: number } } }) {
      const { n } = event.currentTarget.dataset
      const book = this.data.books[n]!
      if (this.busy) return
      this.busy = true
      try {
        const page = await listTransfers(book.id, book.next)
        const lines = [...book.lines, ...page.items.map(lineOf)]
        this.setData({ [`books[${n}]`]: { ...book, lines, next: page.next ?? '' } })
      } finally {
        this.busy = false
      }
    },
    open(event: { currentTarget: { dataset: { url: string } } }) {
      const { url } = event.currentTarget.dataset
      if (url) wx.navigateTo({ url })
    },
    spend() {
      wx.navigateTo({ url: '/subjects/list/index?noun=offer&tab=goods' })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    const accounts = (await listOwnAccounts()).filter(({ circle }) => circle.kind !== 'things')
    const books = await Promise.all(accounts.map(bookOf))
    return { books, empty: !books.length }
  },
})

async function bookOf({ id, circle, balance, lapsing }: Account): Promise<Book> {
  const page = await listTransfers(id)
  return {
    id,
    name: [circle.community, circle.kind_name].join(' · '),
    balance,
    lapse: lapsing ? fill(wordsOf('points').lapse, { n: lapsing.amount, day: formatDay(lapsing.on) }) : '',
    lines: page.items.map(lineOf),
    next: page.next ?? '',
  }
}

function lineOf({ id, amount, at, cause, reason_name, reservation_id, text }: Transfer): Line {
  const words = wordsOf('points')
  const confirmed = cause?.confirmed_by ? fill(words.confirmed, { who: cause.confirmed_by.label }) : ''
  return {
    id,
    what: cause?.title ?? reason_name,
    amount: amount > 0 ? `+${amount}` : `−${-amount}`,
    about: [cause?.rule_name, confirmed, text, formatTime(cause?.at ?? at)].filter(Boolean).join(' · '),
    url: cause
      ? subjectRoute('activity', cause.subject_id)
      : reservation_id
        ? subjectRoute('reservation', reservation_id)
        : '',
  }
}
