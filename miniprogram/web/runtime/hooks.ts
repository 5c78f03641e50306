/** What tests and the curious may turn: `window.__harness`. */
export const hooks = {
  /** No network: requests and uploads fail as WeChat says it. */
  offline: false,
  /** Milliseconds every request waits first. */
  slow: 0,
  /** The next so many uploads break off half-way. */
  failUploads: 0,
  /** The font size set in WeChat, 1 = standard. */
  fontScale: Number(sessionStorage.getItem('harness:fontScale') ?? 1),
  language: sessionStorage.getItem('harness:language') ?? 'zh_CN',
  /** What the next scan reads; null: ask. */
  scan: null as string | null,
  /** Where the telephone is; null: it does not say. */
  location: { latitude: 43.9087, longitude: 87.6128 } as { latitude: number; longitude: number } | null,
  /** 'accept' | 'reject': what a person answers to subscribe-message requests. */
  subscribe: 'accept' as 'accept' | 'reject',
  /** Whether the privacy guide has been agreed to in WeChat. */
  privacyAgreed: true,
  /** Calls of wx that showed something or left the program, newest last. */
  said: [] as { call: string; options: unknown }[],
  /** Set by the network module: tell the program that the network came or went. */
  goOffline: (_offline: boolean): void => undefined,
  pullDown: (): void => undefined,
  setFontScale(scale: number): void {
    sessionStorage.setItem('harness:fontScale', String(scale))
    location.reload()
  },
  setLanguage(language: string): void {
    sessionStorage.setItem('harness:language', language)
    location.reload()
  },
}

export const note = (call: string, options: unknown): void => void hooks.said.push({ call, options })
