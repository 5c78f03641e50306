// Starts the program: look, privacy, sending what waited.
import { watchPrivacy } from './core/consent'
import { dress } from './core/look'
import { flush, unsent } from './core/outbox'
import { store } from './core/store'
import { count } from './services/notices'
import { fetchMe } from './services/me'

App({
  onLaunch() {
    dress()
    watchPrivacy()
    store.set({ unsent: unsent().length })
    wx.onThemeChange?.(() => store.set({ look: store.get().look + 1 }))
    wx.onNetworkStatusChange((now) => {
      store.set({ online: now.isConnected })
      if (now.isConnected) void flush()
    })
    updated()
  },

  onShow() {
    void begin()
  },
})

// Nothing here may stop a page: each shows its own problem.
async function begin(): Promise<void> {
  try {
    await fetchMe()
    await count()
  } catch {
    return
  }
  void flush()
}

function updated(): void {
  const manager = wx.getUpdateManager?.()
  manager?.onUpdateReady(() => manager.applyUpdate())
}
