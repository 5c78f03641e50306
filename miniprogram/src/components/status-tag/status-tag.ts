// A ticket's status in words and colour; never by colour alone.
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
  props: { status: '' },
  data: { words: '', colour: 'calm' },
  observe: 'status',
  update() {
    const { status } = this.data
    this.setData({ words: status ? labelOf('status', status) : '', colour: COLOURS[status] ?? 'calm' })
  },
})
