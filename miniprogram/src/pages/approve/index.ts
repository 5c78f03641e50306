// A computer asks to sign in as me: said plainly, approved with one tap.
import { sceneIn } from '../../core/places'
import { problemOf } from '../../core/problem'
import { screen } from '../../core/screen'
import { approve } from '../../services/scans'

screen({
  words: ['scan'],
  title: (t) => t.scan.title,
  data: { scene: '', done: false, busy: false, trouble: '' },
  opened(query) {
    this.setData({ scene: sceneIn(decodeURIComponent(query['scene'] ?? '')) })
  },
  methods: {
    async yes() {
      if (this.data.busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        await approve(this.data.scene)
        this.setData({ done: true })
      } catch (error) {
        this.setData({ trouble: problemOf(error).sentence })
      }
      this.setData({ busy: false })
    },
    no() {
      wx.switchTab({ url: '/pages/me/index' })
    },
  },
})
