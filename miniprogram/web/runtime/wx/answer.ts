/** WeChat's manner of answering: success, fail and complete where given, else a promise; `errMsg` always. */
export interface Asked {
  success?: (result: any) => void
  fail?: (result: any) => void
  complete?: (result: any) => void
}

/** What a call failed with, as WeChat words it: `name:fail message`. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly extra: object = {},
  ) {
    super(message)
  }
}

/** Run `work` and answer in WeChat's manner. */
export function answer<T extends object>(name: string, options: Asked | undefined, work: () => T | void | Promise<T | void>): any {
  const run = async () => {
    await Promise.resolve() // never before the call has returned
    return { ...((await work()) ?? {}), errMsg: `${name}:ok` }
  }
  const wanted = options && (options.success || options.fail || options.complete)
  const running = run().catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error)
    throw { errMsg: `${name}:fail ${message}`, ...(error instanceof Failure ? error.extra : {}) }
  })
  if (!wanted) return running
  running.then(
    (result) => {
      options.success?.(result)
      options.complete?.(result)
    },
    (failure: unknown) => {
      options.fail?.(failure)
      options.complete?.(failure)
    },
  )
  return undefined
}
