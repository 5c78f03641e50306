// One to five stars, each a target of its own, with its meaning in words.
import { part } from '../../core/part'
import { called } from '../../i18n/index'

part({
  props: { value: 0, readonly: false },
  data: { stars: [] as { n: number; on: boolean; words: string }[], words: '' },
  on: 'value',
  draw() {
    const { value } = this.data
    this.setData({ stars: [1, 2, 3, 4, 5].map((n) => ({ n, on: n <= value, words: called('choice', `star${n}`) })), words: value ? called('choice', `star${value}`) : '' })
  },
  methods: {
    choose(event: { currentTarget: { dataset: { n: number } } }) {
      if (!this.data.readonly) this.triggerEvent('change', { value: event.currentTarget.dataset.n })
    },
  },
})
