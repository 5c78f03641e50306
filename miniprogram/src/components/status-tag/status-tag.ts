// A ticket's state in words and colour; the colour never says it alone.
import { part } from '../../core/part'
import { called } from '../../i18n/index'

const COLOURS: Readonly<Record<string, string>> = { new: 'info', accepted: 'info', dispatched: 'info', waiting: 'soon', resolved: 'good', closed: 'calm', rejected: 'late', merged: 'calm' }

part({
  props: { status: '' },
  data: { words: '', colour: 'calm' },
  on: 'status',
  draw() {
    const { status } = this.data
    this.setData({ words: status ? called('status', status) : '', colour: COLOURS[status] ?? 'calm' })
  },
})
