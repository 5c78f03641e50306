// A status in words and colour; never by colour alone. `status` is a ticket's; another noun's gives `words` and `tone`.
import { labelOf } from '../../i18n/index'
import { defineComponent } from '../../ui/component'

const COLOURS: Readonly<Record<string, string>> = {
  new: 'info',
  accepted: 'info',
  dispatched: 'info',
  waiting: 'soon',
  resolved: 'good',
  closed: 'calm',
  rejected: 'late',
  merged: 'calm',
}

defineComponent({
  props: { status: '', words: '', tone: '' },
  data: { shown: '', colour: 'calm' },
  observe: 'status, words, tone',
  update() {
    const { status, words, tone } = this.data
    this.setData({
      shown: words || (status ? labelOf('status', status) : ''),
      colour: tone || (COLOURS[status] ?? 'calm'),
    })
  },
})
