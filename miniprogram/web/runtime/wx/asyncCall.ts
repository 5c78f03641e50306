/** Calling conventions of `wx`: callbacks where given, else a promise; results have `errMsg`. */
import { harness } from '../harness'
import { agreedToPrivacy } from './privacyAgreement'

export interface CallOptions {
  success?: (result: any) => void
  fail?: (result: any) => void
  complete?: (result: any) => void
}

/** A failed call. WeChat's message is `name:fail message`. */
export class CallFailure extends Error {
  constructor(
    message: string,
    readonly extra: object = {},
  ) {
    super(message)
  }
}

/** Run `work` and return its result by callbacks or a promise. */
export function asyncCall<T extends object>(
  name: string,
  options: CallOptions | undefined,
  work: () => T | void | Promise<T | void>,
): any {
  const run = async () => {
    await Promise.resolve() // callbacks come after the call has returned
    await agreedToPrivacy(name)
    if (harness.refuse[name]) throw new Error(harness.refuse[name])
    return { ...((await work()) ?? {}), errMsg: `${name}:ok` }
  }
  const hasCallbacks = options && (options.success || options.fail || options.complete)
  const running = run().catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error)
    throw { errMsg: `${name}:fail ${message}`, ...(error instanceof CallFailure ? error.extra : {}) }
  })
  if (!hasCallbacks) return running
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
