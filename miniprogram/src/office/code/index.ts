// A place: which grid answers for it, and the code to print for its stairwell.
import { pickPlace } from '../../core/picking'
import { picture } from '../../core/pictures'
import { scan } from '../../core/places'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { fill, say } from '../../i18n/index'
import { one, scanned } from '../../services/places'
import type { PlacePath } from '../../services/shapes'

screen({
  words: ['code', 'home'],
  title: (t) => t.code.title,
  data: { place: null as PlacePath | null, path: '', code: '', label: '', trouble: '', noCode: false },
  methods: {
    async choose() {
      const place = await pickPlace()
      if (place?.id) await this.show(() => one(place.id!))
    },
    async scan() {
      const scene = await scan()
      if (scene) await this.show(() => scanned(scene))
    },
    async show(find: () => Promise<PlacePath>) {
      this.setData({ trouble: '', code: '', noCode: false })
      try {
        const place = await find()
        this.setData({ place, path: place.path.join(' · '), label: fill(say('code').label, { place: place.label }) })
        this.setData({ code: await picture(`/api/v1/places/${place.id}/qrcode`) })
      } catch (error) {
        const problem = problemOf(error)
        this.setData({ trouble: problem.status === 404 ? say('home').unknownCode : problem.sentence })
      }
    },
    big() {
      wx.previewImage({ urls: [this.data.code] })
    },
    save() {
      wx.saveImageToPhotosAlbum({
        filePath: this.data.code,
        success: () => wx.showToast({ title: say('code').saved, icon: 'none' }),
        fail: () => wx.showToast({ title: say('code').denied, icon: 'none' }),
      })
    },
  },
})
