// A line icon in the colour of its text; hidden from readers aloud, the words beside it say it.
import { icon } from '../../core/icons'
import { part } from '../../core/part'
import { direction } from '../../i18n/index'

part({
  props: { name: '', size: '1.3em' },
  data: { style: '' },
  on: 'name, size',
  draw() {
    const { name, size } = this.data
    if (!name) return
    const turned = name === 'next' && direction() === 'rtl' ? ';transform:scaleX(-1)' : '' // forward is to the left there
    this.setData({ style: `${icon(name)};width:${size};height:${size}${turned}` })
  },
})
