/** Switches for tests and for trying things out: `window.__harness`. */
export const harness = {
  /** No network: requests and uploads fail as in WeChat. */
  offline: false,
  /** Delay of every request in milliseconds. */
  slow: 0,
  /** How many of the next uploads fail half-way. */
  failUploads: 0,
  /** The font size set in WeChat, 1 = standard. */
  fontScale: Number(sessionStorage.getItem('harness:fontScale') ?? 1),
  language: sessionStorage.getItem('harness:language') ?? 'zh_CN',
  /** The result of the next scan; null opens a dialog. */
  scan: null as string | null,
  /** The location of the phone; null when it is not available. */
  location: { latitude: 43.9087, longitude: 87.6128 } as { latitude: number; longitude: number } | null,
  /** The user's answer when asked for subscribe messages; null opens a dialog. */
  subscribe: null as 'accept' | 'reject' | null,
  /** Whether the user agreed to WeChat's privacy agreement. */
  privacyAgreed: true,
  /** Calls that WeChat refuses, with its message: `{ getLocation: 'auth deny' }`. */
  refuse: {} as Record<string, string>,
  /** Calls of wx that show something or leave the program, newest last. */
  calls: [] as { call: string; options: unknown }[],
  /** Set by the network module: switch the network off or on. */
  goOffline: (_offline: boolean): void => undefined,
  pullDown: (): void => undefined,
  /** Set by the device module: a new version of the program has been downloaded. */
  updateReady: (): void => undefined,
  setFontScale(scale: number): void {
    sessionStorage.setItem('harness:fontScale', String(scale))
    location.reload()
  },
  setLanguage(language: string): void {
    sessionStorage.setItem('harness:language', language)
    location.reload()
  },
}

export const recordCall = (call: string, options: unknown): void => void harness.calls.push({ call, options })
