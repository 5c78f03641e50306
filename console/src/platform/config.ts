// The address of the API, for what the mini-program shares with the console: the same origin.
export const IN_BROWSER = true
export const SERVER = ''
export const API = '/api/v1'
export const TIMEOUT = 15_000 // milliseconds
export const UPLOAD_TIMEOUT = 60_000
