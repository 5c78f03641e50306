// A line icon in the colour of the surrounding text. It is hidden from screen readers; the text beside it
// says the same.
import { direction } from '../../i18n/index'
import { defineComponent } from '../../ui/component'
import { iconStyle } from '../../ui/icons'

defineComponent({
  props: { name: '', size: '1.3em' },
  data: { style: '' },
  observe: 'name, size',
  update() {
    const { name, size } = this.data
    if (!name) return
    // Forward points left in right-to-left text.
    const mirror = name === 'next' && direction() === 'rtl' ? ';transform:scaleX(-1)' : ''
    this.setData({ style: `${iconStyle(name)};width:${size};height:${size}${mirror}` })
  },
})
