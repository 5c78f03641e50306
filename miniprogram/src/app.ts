// The start of the program: session, language, privacy, polling, unsent reports.
import { accessToken, renewToken } from './domain/auth'
import { flushBallots, unsentBallots } from './domain/ballots'
import { askForConsent, handleWechatPrivacy } from './domain/consent'
import { countUnread } from './domain/notices'
import { flushOutbox, unsentReports } from './domain/outbox'
import { sceneOfQuery } from './domain/places'
import { fetchMe } from './domain/profile'
import { store } from './domain/store'
import { fetchSubscriptions } from './domain/subscriptions'
import { flushVisits, unsentVisits } from './domain/visits'
import { setSession } from './platform/request'
import { startPolling, stopPolling } from './ui/polling'
import { applyLanguage, themeChanged } from './ui/theme'

setSession({ accessToken, renewToken, askForConsent })

App({
  onLaunch() {
    applyLanguage()
    handleWechatPrivacy()
    store.set({
      unsent: unsentReports().length,
      unsentVisits: unsentVisits().length,
      unsentBallots: unsentBallots().length,
    })
    wx.onThemeChange?.(themeChanged)
    wx.onNetworkStatusChange((now) => {
      store.set({ online: now.isConnected })
      if (!now.isConnected) return
      void flushOutbox()
      void flushVisits()
      void flushBallots()
      startPolling()
    })
  },

  onShow() {
    void load()
    startPolling()
  },

  onHide() {
    stopPolling()
  },
})

// A new version is used from the next start on: WeChat has it by then, and nobody is interrupted.
// An error here stops no page; each page shows its own.
async function load(): Promise<void> {
  try {
    const me = await fetchMe()
    if (me.posts.length) openWorkbench()
    await countUnread()
    await fetchSubscriptions()
  } catch {
    return
  }
  void flushOutbox()
  void flushVisits()
  void flushBallots()
}

// Staff start at the workbench: once, and not when a scanned code opened the first page.
let started = false

function openWorkbench(): void {
  const page = getCurrentPages().slice(-1)[0]
  if (!started && page?.route === 'pages/home/index' && !sceneOfQuery(wx.getEnterOptionsSync().query))
    wx.reLaunch({ url: '/pages/work/index' })
  started = true
}
