// A code to show to staff: to be scanned, and in letters to be read out. It needs no network.
// Properties: `code`, `title`, `hint`.
import { qrStyle } from '../../domain/qrCode'
import { defineComponent } from '../../../ui/component'

const HALF = 4

defineComponent({
  props: { code: '', title: '', hint: '', plain: false },
  data: { style: '', words: '' },
  observe: 'code',
  update() {
    const { code } = this.data
    if (code) this.setData({ style: qrStyle(code), words: `${code.slice(0, HALF)} ${code.slice(HALF)}` })
  },
})
