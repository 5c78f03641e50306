// Where the API is. WeChat tells which environment this is; nobody flips a flag by hand.
type Environment = 'develop' | 'trial' | 'release'

const SERVERS: Readonly<Record<Environment, string>> = {
  develop: 'http://127.0.0.1:8000',
  trial: 'https://trial.loudeng.example',
  release: 'https://loudeng.example', // the one line an office changes
}

const app = wx.getAccountInfoSync().miniProgram

/** True in the browser preview, where the API is at the same origin and one signs in as somebody of the demo street. */
export const browser = (app.appId as string) === 'browser'

export const base = browser ? '' : (SERVERS[app.envVersion as Environment] ?? SERVERS.release)
export const API = `${base}/api/v1`

export const TIMEOUT = 15_000 // milliseconds
export const UPLOAD_TIMEOUT = 60_000

/** Message templates by moment; ids are the office's own, at most three a tap. */
export const TEMPLATES: Readonly<Record<'reported' | 'work', string[]>> = { reported: [], work: [] }
