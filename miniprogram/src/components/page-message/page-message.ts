// A message in place of content: nothing is there (`empty`), or what is wrong (`problem`). The slot takes buttons.
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['common'],
  props: { kind: 'empty', title: '', text: '', icon: '' },
  data: {},
  methods: {
    retry() {
      this.triggerEvent('retry')
    },
  },
})
