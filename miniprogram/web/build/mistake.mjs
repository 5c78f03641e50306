/** What stops a build: one clear line, the file first. */
export class Mistake extends Error {
  constructor(where, what) {
    super(`${where}: ${what}`)
  }
}

/** `file:line` of `offset` in `text`. */
export const at = (file, text, offset) => `${file}:${text.slice(0, offset).split('\n').length}`
