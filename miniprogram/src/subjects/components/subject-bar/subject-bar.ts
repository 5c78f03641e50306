// The buttons of a subject, from its `actions`: the first two, the rest under "more".
import { store } from '../../../domain/store'
import { actName, buttonActs, subjectForm } from '../../domain/forms'
import type { Subject } from '../../../services/shapes'
import { defineComponent } from '../../../ui/component'
import { fontScale } from '../../../ui/theme'
import type { SubjectRequest } from '../subject-sheet/subject-sheet'
import '../../words/index'

interface Button {
  act: string
  words: string
  tone: string
}

const BESIDE = 2
const LARGE = 1.45 // from this text size on there is one button less

defineComponent({
  words: ['common'],
  props: { subject: null as Subject | null },
  data: { main: [] as Button[], more: [] as Button[], open: false, request: null as SubjectRequest | null },
  observe: 'subject',
  update() {
    const { subject } = this.data
    const buttons = (subject ? buttonActs(subject) : []).map((act, n) => {
      const tone = subjectForm(subject!.noun, act).tone ?? ''
      return {
        act,
        words: actName(subject!, act),
        tone: tone === 'main' && n ? '' : tone,
      }
    })
    const most = fontScale() >= LARGE ? BESIDE - 1 : BESIDE
    const beside = buttons.length <= most + 1 ? most + 1 : most
    this.setData({ main: buttons.slice(0, beside), more: buttons.slice(beside) })
  },
  methods: {
    act(event: { currentTarget: { dataset: { act: string } } }) {
      this.setData({
        open: false,
        request: { subject: this.data.subject!, act: event.currentTarget.dataset.act },
      })
    },
    show() {
      this.setData({ open: true })
      store.set({ actionOpen: true })
    },
    hide() {
      this.setData({ open: false })
      store.set({ actionOpen: false })
    },
    done(event: { detail: unknown }) {
      this.setData({ request: null })
      this.triggerEvent('done', event.detail)
    },
    stale(event: { detail: unknown }) {
      this.setData({ request: null })
      this.triggerEvent('stale', event.detail)
    },
    closed() {
      this.setData({ request: null })
    },
  },
})
