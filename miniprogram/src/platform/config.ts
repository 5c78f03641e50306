// The address of the API. WeChat says which environment the program runs in.
type Environment = 'develop' | 'trial' | 'release'

const SERVERS: Readonly<Record<Environment, string>> = {
  develop: 'http://127.0.0.1:8000',
  trial: 'https://trial.loudeng.example',
  release: 'https://loudeng.example', // the one line an office changes
}

const program = wx.getAccountInfoSync().miniProgram

/** Whether the program runs in the browser preview: the API at the same origin, sign-in as a demo persona. */
export const IN_BROWSER = (program.appId as string) === 'browser'

export const SERVER = IN_BROWSER ? '' : (SERVERS[program.envVersion as Environment] ?? SERVERS.release)
export const API = `${SERVER}/api/v1`

export const TIMEOUT = 15_000 // milliseconds
export const UPLOAD_TIMEOUT = 60_000
export const DOWNLOAD_TIMEOUT = 30_000
