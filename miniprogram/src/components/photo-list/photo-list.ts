// The photos of a ticket as thumbnails; a tap opens them in full size.
import { photoFile } from '../../domain/photoFiles'
import { fill, wordsOf } from '../../i18n/index'
import type { PhotoRef } from '../../services/shapes'
import { defineComponent } from '../../ui/component'

defineComponent({
  words: ['ticket'],
  props: { photos: [] as PhotoRef[], title: '' },
  data: { items: [] as (PhotoRef & { label: string })[] },
  observe: 'photos, title',
  update() {
    const label = (n: number): string =>
      [this.data.title, fill(wordsOf('photo').big, { n }), wordsOf('ticket').photo].filter(Boolean).join(' ')
    this.setData({ items: this.data.photos.map((photo, index) => ({ ...photo, label: label(index + 1) })) })
  },
  methods: {
    async open(event: { currentTarget: { dataset: { n: number } } }) {
      const urls = await Promise.all(
        this.data.photos.map((photo) => photoFile(photo.url).catch(() => photo.url)),
      )
      wx.previewImage({ urls, current: urls[event.currentTarget.dataset.n]! })
    },
  },
})
