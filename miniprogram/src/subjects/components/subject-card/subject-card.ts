// One subject in a list: what it is about, how far it is, and what its kind says beside. A tap opens it.
import { kindOf, titleOf, toneOf } from '../../domain/kinds'
import type { Subject } from '../../../services/shapes'
import { defineComponent } from '../../../ui/component'
import { subjectRoute } from '../../../ui/subjectRoute'
import '../../words/index'

defineComponent({
  props: { subject: null as Subject | null },
  data: { title: '', tone: '', lines: [] as string[] },
  observe: 'subject',
  update() {
    const { subject } = this.data
    if (!subject) return
    const lines = kindOf(subject.noun).brief(subject).filter(Boolean)
    this.setData({ title: titleOf(subject), tone: toneOf(subject), lines })
  },
  methods: {
    open() {
      const { noun, id } = this.data.subject!
      wx.navigateTo({ url: subjectRoute(noun, id) })
    },
  },
})
