// Photos from camera or album. They are stored on the phone until they are sent; each can be viewed and
// removed.
import type { Shot } from '../../domain/types'
import { fill, wordsOf } from '../../i18n/index'
import { removeFile, saveFile } from '../../platform/files'
import { defineComponent } from '../../ui/component'
import { tellRefusal } from '../../ui/refusal'

const MEGABYTE = 1024 * 1024
const MAX_BYTES = 10 * MEGABYTE // the server takes no larger file

defineComponent({
  words: ['photo'],
  props: { shots: [] as Shot[], most: 9, large: false, wrong: '' },
  data: { labels: [] as string[], full: '' },
  observe: 'shots, most',
  update() {
    const { most, shots } = this.data
    this.setData({ full: shots.length < most ? '' : fill(wordsOf('photo').full, { most }) })
    this.setData({ labels: this.data.shots.map((_, n) => fill(wordsOf('photo').big, { n: n + 1 })) })
  },
  methods: {
    add() {
      wx.chooseMedia({
        count: this.data.most - this.data.shots.length + 1, // one too many is said, not left out silently
        mediaType: ['image'],
        sizeType: ['compressed'],
        success: ({ tempFiles }) => void this.saveAll(this.accepted(tempFiles)),
        fail: (failure) => void tellRefusal('camera', failure),
      })
    },
    /** Return the paths of the photos there is room for; what is left out is said. */
    accepted(files: readonly { tempFilePath: string; size: number }[]): string[] {
      const { most, shots } = this.data
      const words = wordsOf('photo')
      const small = files.filter(({ size }) => size <= MAX_BYTES)
      const taken = small.slice(0, most - shots.length)
      const said = [
        small.length < files.length &&
          fill(words.tooLarge, { n: files.length - small.length, limit: MAX_BYTES / MEGABYTE }),
        taken.length < small.length && fill(words.tooMany, { n: small.length - taken.length, most }),
      ].filter(Boolean)
      if (said.length) wx.showToast({ title: said.join(' '), icon: 'none', duration: 4000 })
      return taken.map(({ tempFilePath }) => tempFilePath)
    },
    async saveAll(paths: string[]) {
      if (!paths.length) return
      const files = await Promise.all(paths.map(saveFile))
      this.emit([...this.data.shots, ...files.map((path) => ({ path }))])
    },
    remove(event: { currentTarget: { dataset: { n: number } } }) {
      const { n } = event.currentTarget.dataset
      removeFile(this.data.shots[n]!.path)
      this.emit(this.data.shots.filter((_, index) => index !== n))
    },
    preview(event: { currentTarget: { dataset: { n: number } } }) {
      const urls = this.data.shots.map((shot) => shot.path)
      wx.previewImage({ urls, current: urls[event.currentTarget.dataset.n]! })
    },
    emit(shots: Shot[]) {
      this.triggerEvent('change', { shots })
    },
  },
})
