// One photo, fetched with the token; says so when it does not come.
import { picture } from '../../core/pictures'
import { part } from '../../core/part'

part({
  words: ['photo'],
  props: { src: '', label: '' },
  data: { path: '', failed: false },
  on: 'src',
  async draw() {
    const { src } = this.data
    if (!src) return
    try {
      this.setData({ path: await picture(src), failed: false })
    } catch {
      this.setData({ failed: true })
    }
  },
})
