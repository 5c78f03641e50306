/** In the runtime `wx` is what runtime/wx/index.ts exports. */
declare const wx: typeof import('./wx')
