// What residents wrote and photographed, held back from neighbours until a person releases or removes it.
import { messageOf } from '../../domain/errorMessage'
import { formatTime } from '../../domain/time'
import { wordsOf } from '../../i18n/index'
import { decideReview, listReviews } from '../../services/reviews'
import type { PhotoRef, Review } from '../../services/shapes'
import { definePage } from '../../ui/page'
import '../words/index'

type Decision = 'release' | 'remove'

interface Row extends Review {
  photos: PhotoRef[]
  kindName: string
  when: string
  decided: boolean
}

definePage({
  words: ['review'],
  title: (t) => t.review.title,
  data: { rows: [] as Row[], deciding: '' },
  methods: {
    // A decision is taken back by the other button, which stays until the page is left.
    async decide(event: { currentTarget: { dataset: { id: string; decision: Decision } } }) {
      const { id, decision } = event.currentTarget.dataset
      if (this.data.deciding) return
      this.setData({ deciding: id })
      try {
        const fresh = row(await decideReview(id, decision))
        this.setData({ rows: this.data.rows.map((each) => (each.id === id ? fresh : each)) })
      } catch (error) {
        wx.showToast({ title: messageOf(error), icon: 'none' })
        await this.reload()
      } finally {
        this.setData({ deciding: '' })
      }
    },
    ticket(event: { currentTarget: { dataset: { id: string } } }) {
      wx.navigateTo({ url: `/pages/ticket/index?id=${event.currentTarget.dataset.id}` })
    },
  },
  async load() {
    const items = await listReviews()
    return { rows: items.map(row), empty: !items.length }
  },
})

function row(review: Review): Row {
  return {
    ...review,
    photos: review.photo ? [review.photo] : [],
    kindName: wordsOf('review')[review.kind],
    when: formatTime(review.at),
    decided: review.state === 'released' || review.state === 'removed',
  }
}
