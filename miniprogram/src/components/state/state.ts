// What stands where a list would: nothing there yet, no network, did not load. A slot takes what one can do about it.
import { part } from '../../core/part'

part({
  words: ['common'],
  props: { kind: 'empty', title: '', text: '', icon: '' },
  data: {},
  methods: {
    retry() {
      this.triggerEvent('retry')
    },
  },
})
