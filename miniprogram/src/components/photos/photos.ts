// Photos of a ticket; a tap shows them large.
import { picture } from '../../core/pictures'
import { part } from '../../core/part'
import { fill, say } from '../../i18n/index'
import type { PhotoRef } from '../../services/shapes'

part({
  words: ['ticket'],
  props: { photos: [] as PhotoRef[], title: '' },
  data: { shown: [] as (PhotoRef & { label: string })[] },
  on: 'photos, title',
  draw() {
    const label = (n: number): string => [this.data.title, fill(say('photo').big, { n }), say('ticket').photo].filter(Boolean).join(' ')
    this.setData({ shown: this.data.photos.map((photo, index) => ({ ...photo, label: label(index + 1) })) })
  },
  methods: {
    async open(event: { currentTarget: { dataset: { n: number } } }) {
      const urls = await Promise.all(this.data.photos.map((photo) => picture(photo.url).catch(() => photo.url)))
      wx.previewImage({ urls, current: urls[event.currentTarget.dataset.n]! })
    },
  },
})
