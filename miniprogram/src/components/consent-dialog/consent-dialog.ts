// The dialog that asks for consent to the privacy guide. After a refusal the request fails.
import { answerConsent } from '../../domain/consent'
import { messageOf } from '../../domain/errorMessage'
import { giveConsent } from '../../domain/profile'
import { type SharedState, store } from '../../domain/store'
import { getConsentGuide } from '../../services/me'
import { defineComponent } from '../../ui/component'
import type { Theme } from '../../ui/theme'

defineComponent({
  words: ['consent', 'common'],
  props: { theme: null as Theme | null },
  data: { visible: false, busy: false, problem: '' },
  update() {
    this.setData({ visible: store.get().consentOpen })
  },
  onStoreChange(changed: Partial<SharedState>) {
    if (!('consentOpen' in changed)) return
    this.setData({ visible: Boolean(changed.consentOpen), problem: '' })
    store.set({ sheetOpen: Boolean(changed.consentOpen) })
  },
  methods: {
    /** WeChat has written down the agreement to its own declaration: only then are its calls allowed. */
    async agree() {
      if (this.data.busy) return
      this.setData({ busy: true, problem: '' })
      try {
        await giveConsent((await getConsentGuide()).version)
        answerConsent(true)
      } catch (error) {
        this.setData({ problem: messageOf(error) })
      }
      this.setData({ busy: false })
    },
    refuse() {
      answerConsent(false)
    },
    read() {
      wx.navigateTo({ url: '/pages/guide/index' })
    },
  },
})
