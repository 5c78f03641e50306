// The reader's shifts of two weeks (值班): a tap asks a colleague to take one, or to have one of theirs for it; a tap takes
// one over, and what was asked can be taken back until it is answered.
import { sayDone } from '../../domain/actionResult'
import { messageOf } from '../../domain/errorMessage'
import { fetchMe } from '../../domain/profile'
import { store } from '../../domain/store'
import { fetchRoster, type ShiftRow } from '../domain/roster'
import { fill, wordsOf } from '../../i18n/index'
import { askForShift, endSwap, takeShift } from '../../services/duty'
import { definePage } from '../../ui/page'
import '../words/index'

interface Tap {
  currentTarget: { dataset: { id: string; post?: string; name?: string; for?: string } }
}

definePage({
  words: ['roster'],
  title: (t) => t.roster.title,
  autoRefresh: 'anywhere',
  data: {
    asked: [] as ShiftRow[],
    mine: [] as ShiftRow[],
    all: [] as ShiftRow[],
    wrong: '',
  },
  instanceFields: { busy: false },
  methods: {
    ask({ currentTarget: { dataset } }: Tap) {
      const said = fill(wordsOf('roster').asked, { who: dataset.name ?? '' })
      return this.act(() => askForShift(dataset.id, dataset.post!, dataset.for), said)
    },
    take({ currentTarget: { dataset } }: Tap) {
      return this.act(() => takeShift(dataset.id), wordsOf('roster').taken)
    },
    end({ currentTarget: { dataset } }: Tap) {
      const { back, kept } = wordsOf('roster')
      return this.act(
        () => endSwap(dataset.id),
        this.data.mine.some(({ id }) => id === dataset.id) ? back : kept,
      )
    },
    /** Do it, say so, and show the roster as it is now, also where it was refused: somebody was faster then. */
    async act(send: () => Promise<unknown>, said: string) {
      if (this.busy) return
      this.busy = true
      this.setData({ wrong: '' })
      try {
        await send()
        sayDone(said)
      } catch (error) {
        this.setData({ wrong: messageOf(error) })
      } finally {
        this.busy = false
      }
      await this.reload()
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    if (!store.get().me) await fetchMe() // whose grids
    const roster = await fetchRoster()
    const { asked, mine, all } = roster
    return { ...roster, empty: !asked.length && !mine.length && !all.length }
  },
})
