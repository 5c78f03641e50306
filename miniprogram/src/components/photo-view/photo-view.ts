// One photo, downloaded with the access token. It says so when the download fails.
import { photoFile } from '../../domain/photoFiles'
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['photo'],
  props: { src: '', label: '' },
  data: { path: '', failed: false },
  observe: 'src',
  async update() {
    const { src } = this.data
    if (!src) return
    try {
      this.setData({ path: await photoFile(src), failed: false })
    } catch {
      this.setData({ failed: true })
    }
  },
})
