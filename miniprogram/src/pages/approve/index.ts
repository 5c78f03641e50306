// Approving a sign-in on a computer.
import { messageOf } from '../../domain/errorMessage'
import { sceneOfQuery } from '../../domain/places'
import { approveSignIn } from '../../services/scans'
import { definePage } from '../../ui/page'

definePage({
  words: ['scan'],
  title: (t) => t.scan.title,
  data: { scene: '', done: false, busy: false, trouble: '' },
  onOpen(query) {
    this.setData({ scene: sceneOfQuery(query) })
  },
  methods: {
    async yes() {
      if (this.data.busy) return
      this.setData({ busy: true, trouble: '' })
      try {
        await approveSignIn(this.data.scene)
        this.setData({ done: true })
      } catch (error) {
        this.setData({ trouble: messageOf(error) })
      }
      this.setData({ busy: false })
    },
    no() {
      wx.switchTab({ url: '/pages/me/index' })
    },
  },
})
