/** An error that stops the build, with its place: one line. */
export class BuildError extends Error {
  constructor(place, message) {
    super(`${place}: ${message}`)
  }
}

/** Return `file:line` of `offset` in `text`. */
export const at = (file, text, offset) => `${file}:${text.slice(0, offset).split('\n').length}`
