/** All calls of `wx`. A call that is not here fails the build. */
export * from './network'
export * from './storage'
export * from './route'
export * from './interaction'
export * from './media'
export * from './device'
export * from './account'
export * from './privacy'
export * from './filesystem'
export {
  createSelectorQuery,
  createIntersectionObserver,
  nextTick,
  pageScrollTo,
  createAnimation,
} from './query'
