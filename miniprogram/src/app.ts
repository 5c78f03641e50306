// Starts the program: look, privacy, sending what waited.
import { watchPrivacy } from './core/consent'
import { dress } from './core/look'
import { flush, unsent } from './core/outbox'
import { start, stop } from './core/pulse'
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
      if (!now.isConnected) return
      void flush()
      start()
    })
    updated()
  },

  onShow() {
    void begin()
    start()
  },

  onHide() {
    stop()
  },
})

// Nothing here may stop a page: each shows its own problem.
async function begin(): Promise<void> {
  try {
    const me = await fetchMe()
    if (me.posts.length) toWork()
    await count()
  } catch {
    return
  }
  void flush()
}

// Whoever holds a post begins at the desk; once, and not when a scanned code led to the first page.
let arrived = false

function toWork(): void {
  const page = getCurrentPages().slice(-1)[0]
  if (!arrived && page?.route === 'pages/home/index' && !wx.getEnterOptionsSync().query['scene']) wx.reLaunch({ url: '/pages/work/index' })
  arrived = true
}

function updated(): void {
  const manager = wx.getUpdateManager?.()
  manager?.onUpdateReady(() => manager.applyUpdate())
}
