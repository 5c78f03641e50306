// Whether open tickets of the same place and category exist. The user can follow a neighbour's instead of
// reporting again. Event: `followed` {id}.
import { messageOf } from '../../domain/errorMessage'
import { formatTime } from '../../domain/time'
import { fill, wordsOf } from '../../i18n/index'
import type { SimilarTicket } from '../../services/shapes'
import { followTicket, listSimilar } from '../../services/tickets'
import { defineComponent } from '../../ui/component'
import { ticketRoute } from '../../ui/ticketRoute'

type State = 'asking' | 'failed' | 'none' | 'found' | 'mine'

interface Row {
  id: string
  name: string
  where: string
  status: string
  own: boolean // reported or followed by the user already
  who: string
}

const row = (each: SimilarTicket): Row => ({
  id: each.id,
  name: each.category.name,
  where: [each.place?.label, formatTime(each.created_at)].filter(Boolean).join(' · '),
  status: each.status,
  own: each.mine || each.following,
  who: whoOf(each),
})

function whoOf({ mine, following, followers }: SimilarTicket): string {
  const words = wordsOf('report')
  if (mine) return words.similarMine
  return following ? words.similarFollowed : fill(words.followers, { n: followers + 1 })
}

function answers(): { state: State; words: string; found: boolean }[] {
  const words = wordsOf('report')
  return [
    { state: 'asking', words: words.similarAsking, found: false },
    { state: 'failed', words: words.similarFailed, found: false },
    { state: 'none', words: words.similarNone, found: false },
    { state: 'found', words: words.similar, found: true },
    { state: 'mine', words: words.similarMine, found: true },
  ]
}

defineComponent({
  words: ['report'],
  props: { place: '', category: '' },
  data: {
    answers: answers(),
    state: 'asking' as State,
    rows: [] as Row[],
    joinable: false, // one of them is neither reported nor followed by the user
    open: false,
  },
  instanceFields: { searchedFor: '' },
  observe: 'place, category',
  async update() {
    this.setData({ answers: answers() })
    const { place, category } = this.data
    const searchedFor = `${place} ${category}`
    if (!place || !category || searchedFor === this.searchedFor) return
    this.searchedFor = searchedFor
    this.setData({ state: 'asking', rows: [], open: false })
    const found = await listSimilar(place, category).catch(() => null)
    if (searchedFor === this.searchedFor) this.setData(shown(found?.items))
  },
  methods: {
    toggle() {
      this.setData({ open: !this.data.open })
    },
    see(event: { currentTarget: { dataset: { id: string } } }) {
      wx.navigateTo({ url: ticketRoute(event.currentTarget.dataset.id) })
    },
    async join(event: { currentTarget: { dataset: { id: string } } }) {
      const { id } = event.currentTarget.dataset
      try {
        await followTicket(id)
        wx.showToast({ title: wordsOf('ticket').followed, icon: 'none' })
        this.triggerEvent('followed', { id })
      } catch (error) {
        wx.showToast({ title: messageOf(error), icon: 'none' })
      }
    },
  },
})

const MOST = 3

function shown(found: SimilarTicket[] | undefined): { state: State; rows: Row[]; joinable: boolean } {
  const rows = (found ?? []).slice(0, MOST).map(row)
  return { state: stateOf(found), rows, joinable: rows.some(({ own }) => !own) }
}

function stateOf(found: SimilarTicket[] | undefined): State {
  if (!found) return 'failed'
  if (!found.length) return 'none'
  return found.some(({ mine }) => mine) ? 'mine' : 'found'
}
