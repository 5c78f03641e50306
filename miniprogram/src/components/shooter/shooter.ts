// Taking photos: camera or album, kept on the phone until they are sent, each can be looked at and removed.
import { removed, saved } from '../../core/files'
import type { Shot } from '../../core/outbox'
import { part } from '../../core/part'
import { fill, say } from '../../i18n/index'

part({
  words: ['photo'],
  props: { shots: [] as Shot[], most: 9, large: false, wrong: '' },
  data: { labels: [] as string[] },
  on: 'shots',
  draw() {
    this.setData({ labels: this.data.shots.map((_, n) => fill(say('photo').big, { n: n + 1 })) })
  },
  methods: {
    add() {
      wx.chooseMedia({
        count: this.data.most - this.data.shots.length,
        mediaType: ['image'],
        sizeType: ['compressed'],
        success: (chosen) => void this.keep(chosen.tempFiles.map((file) => file.tempFilePath)),
      })
    },
    async keep(paths: string[]) {
      const kept = await Promise.all(paths.map(saved))
      this.tell([...this.data.shots, ...kept.map((path) => ({ path }))])
    },
    remove(event: { currentTarget: { dataset: { n: number } } }) {
      const { n } = event.currentTarget.dataset
      removed(this.data.shots[n]!.path)
      this.tell(this.data.shots.filter((_, index) => index !== n))
    },
    look(event: { currentTarget: { dataset: { n: number } } }) {
      const urls = this.data.shots.map((shot) => shot.path)
      wx.previewImage({ urls, current: urls[event.currentTarget.dataset.n]! })
    },
    tell(shots: Shot[]) {
      this.triggerEvent('change', { shots })
    },
  },
})
