// The subjects of one kind (`noun`), by the tabs of the kind; a button makes a new one.
import { fetchMe } from '../../domain/profile'
import { store } from '../../domain/store'
import { isStaff, isSubjectKind, tabsOfKind } from '../domain/kinds'
import { labelOf, wordsOf } from '../../i18n/index'
import type { Subject, SubjectKind } from '../../services/shapes'
import { listSubjects } from '../../services/subjects'
import { definePage } from '../../ui/page'
import '../words/index'

interface TabView {
  key: string
  words: string
}

/** Kinds that residents make too, and those that nobody makes on a phone. */
const BY_RESIDENTS: ReadonlySet<SubjectKind> = new Set(['opinion', 'topic', 'dispute'])
const AT_A_PC: ReadonlySet<SubjectKind> = new Set(['survey', 'offer', 'reservation', 'relationship'])

const canMake = (noun: SubjectKind): boolean => (isStaff() ? !AT_A_PC.has(noun) : BY_RESIDENTS.has(noun))

definePage({
  words: ['subject'],
  autoRefresh: 'top',
  data: {
    noun: 'opinion' as SubjectKind,
    tabs: [] as TabView[],
    key: '',
    items: [] as Subject[],
    more: false,
    make: '',
    emptyTitle: '',
    emptyText: '',
  },
  instanceFields: { next: null as string | null, busy: false, loads: 0 },
  onOpen({ noun = '', tab = '' }) {
    this.setData({ noun: isSubjectKind(noun) ? noun : 'opinion', key: tab })
  },
  onVisible() {
    wx.setNavigationBarTitle({ title: labelOf('subjectTitle', this.data.noun) })
  },
  onStoreChange(changed) {
    if ('themeVersion' in changed && this.data.key) this.draw()
  },
  async onReachEnd() {
    if (!this.next || this.busy) return
    this.busy = true
    const { loads } = this
    try {
      const page = await this.fetch(this.next)
      if (loads !== this.loads) return // another tab was chosen meanwhile
      this.next = page.next ?? null
      const from = this.data.items.length // set only the new items
      const added = page.items.map((item, n) => [`items[${from + n}]`, item] as const)
      this.setData({ ...Object.fromEntries(added), more: Boolean(this.next) })
    } catch {
      this.setData({ more: true }) // scrolling to the end tries again
    } finally {
      this.busy = false
    }
  },
  methods: {
    tab() {
      const tabs = tabsOfKind(this.data.noun)
      return tabs.find((tab) => tab.key === this.data.key) ?? tabs[0]!
    },
    fetch(cursor?: string | null) {
      return listSubjects(this.data.noun, { ...this.tab().query, cursor })
    },
    draw() {
      const { noun } = this.data
      const words = wordsOf('subject')
      const tabs = tabsOfKind(noun).map(({ key }) => ({ key, words: labelOf('subjectTab', key) }))
      this.setData({
        tabs,
        key: this.tab().key,
        make: canMake(noun) ? labelOf('action', `${noun}.new`) : '',
        emptyTitle: labelOf('subjectEmpty', `${noun}.${this.tab().key}`, words.empty),
        emptyText: labelOf('subjectEmpty', `${noun}.${isStaff() ? 'staff' : 'resident'}`, ''),
      })
    },
    async choose(event: { currentTarget: { dataset: { key: string } } }) {
      const { key } = event.currentTarget.dataset
      if (key === this.data.key) return
      this.setData({ key, items: [], state: 'loading' })
      await this.reload()
    },
    make() {
      wx.navigateTo({ url: `/subjects/form/index?noun=${this.data.noun}` })
    },
  },
  // after `methods`, whose types TypeScript has to infer first
  async load() {
    if (!store.get().me) await fetchMe() // the tabs depend on the person
    this.loads++
    this.draw()
    const page = await this.fetch()
    this.next = page.next ?? null
    return { items: page.items, more: Boolean(this.next), empty: !page.items.length }
  },
})
