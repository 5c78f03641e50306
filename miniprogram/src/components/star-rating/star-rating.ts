// A rating of one to five stars. Each star is a button with a label; the chosen rating is also shown in
// words.
import { labelOf } from '../../i18n/index'
import { defineComponent } from '../../ui/component'

defineComponent({
  props: { value: 0, readonly: false },
  data: { stars: [] as { n: number; on: boolean; words: string }[], words: '' },
  observe: 'value',
  update() {
    const { value } = this.data
    this.setData({
      stars: [1, 2, 3, 4, 5].map((n) => ({ n, on: n <= value, words: labelOf('choice', `star${n}`) })),
      words: value ? labelOf('choice', `star${value}`) : '',
    })
  },
  methods: {
    choose(event: { currentTarget: { dataset: { n: number } } }) {
      if (!this.data.readonly) this.triggerEvent('change', { value: event.currentTarget.dataset.n })
    },
  },
})
